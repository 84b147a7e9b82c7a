// Included before every C++ file of llama.cpp. g++ before 12.4 (Debian 12 has 12.2) tells its optimiser that ldtilecfg
// reads 8 of its 64 bytes (GCC bug 114098): the rest of the configuration is thrown away as unused and the first matrix
// multiplication on a CPU with AMX dies with SIGSEGV.
#pragma once

#if defined(__AMX_TILE__) && !defined(__clang__)
#include <immintrin.h>
#define _tile_loadconfig(config) __asm__ volatile("ldtilecfg %0" ::"m"(*reinterpret_cast<const char(*)[64]>(config)))
#endif
