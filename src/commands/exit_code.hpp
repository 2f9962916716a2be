#pragma once

// The exit codes of every command; its header says which one when. Scripts rely on them.
namespace payments::exit_code {

inline constexpr int done = 0;
inline constexpr int failed = 1;       // it could not be done, or not all of it
inline constexpr int wrong_usage = 2;  // wrong options or settings; nothing was done
// The ledger was not read to its end, or there was no room for what had to be put aside meanwhile:
// nothing is said of it.
inline constexpr int unread = 3;

}  // namespace payments::exit_code
