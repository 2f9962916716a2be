#pragma once

// What every command ends with; a command's header says when.
namespace payments::exit_code {

inline constexpr int done = 0;
inline constexpr int failed = 1;       // it could not be done, or not all of it
inline constexpr int wrong_usage = 2;  // wrong options or settings; nothing was done

}  // namespace payments::exit_code
