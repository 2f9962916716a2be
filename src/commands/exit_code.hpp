#pragma once

// The exit codes of every command; its header says which one when. Scripts rely on them.
namespace payments::exit_code {

inline constexpr int done = 0;
inline constexpr int failed = 1;       // it could not be done, or not all of it
inline constexpr int wrong_usage = 2;  // wrong options or settings; nothing was done
inline constexpr int unread = 3;       // the ledger was not read to its end: nothing is said of it

}  // namespace payments::exit_code
