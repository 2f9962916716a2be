#pragma once

#include "tidy/files.hpp"

// How long functions are: enough of a reader of C++ and JavaScript to match their braces.
namespace payments::tidy {

struct Function {
    std::string name;  // what stands before its parameters
    std::size_t line;  // where it begins, from 0: in C++ its declaration, in JavaScript its body
    int lines;         // from there to its last brace
};

// Functions outside of others: in C++ what is inside another is a short lambda.
std::vector<Function> cpp_functions(const File& file);

// Everything with a body in braces, also inside of others: `function`, methods, arrow functions.
// What only lists tests (a callback of `describe`) is not one, as it is no more to be read as a
// whole than the file it stands in.
std::vector<Function> script_functions(const File& file);

}  // namespace payments::tidy
