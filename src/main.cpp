#include "app/cli.hpp"

int main(int count, char** arguments) { return parley::run_command_line(count, arguments); }
