#include "payment/money.hpp"
