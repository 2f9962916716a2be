#pragma once

#include <boost/asio/awaitable.hpp>

namespace payments {

// A coroutine of our story. Parameters go by value, or by reference to what the caller keeps until
// it has the answer (g++ 12 frees an aggregate temporary twice, so types passed to a Task have
// constructors or are named first); lambdas with captures are never coroutines.
template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace payments
