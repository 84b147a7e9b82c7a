#include "base.hpp"

#include <gtest/gtest.h>
