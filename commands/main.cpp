#include <iostream>

#include "core/version.hpp"

int main() { std::cout << "assay " << assay::version() << '\n'; }
