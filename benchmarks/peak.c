/* The most multiply-adds that one core does in a second: twelve chains of vectors that wait for nothing but themselves. */
#include <immintrin.h>
#include <time.h>

#ifdef __AVX512F__
typedef __m512d v;
#define FMA(a) a = _mm512_fmadd_pd(a, m, c);
#define SET(x) _mm512_set1_pd(x)
#define LANES 8
#else
typedef __m256d v;
#define FMA(a) a = _mm256_fmadd_pd(a, m, c);
#define SET(x) _mm256_set1_pd(x)
#define LANES 4
#endif

double peak_flops(long rounds) {
    v m = SET(0.9999999), c = SET(1e-7);
    v a0 = SET(1.0), a1 = SET(1.1), a2 = SET(1.2), a3 = SET(1.3), a4 = SET(1.4), a5 = SET(1.5);
    v a6 = SET(1.6), a7 = SET(1.7), a8 = SET(1.8), a9 = SET(1.9), a10 = SET(2.0), a11 = SET(2.1);
    struct timespec begin, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    for (long k = 0; k < rounds; k++) {
        FMA(a0) FMA(a1) FMA(a2) FMA(a3) FMA(a4) FMA(a5) FMA(a6) FMA(a7) FMA(a8) FMA(a9) FMA(a10) FMA(a11)
        __asm__ volatile("" : "+v"(a0), "+v"(a1), "+v"(a2), "+v"(a3), "+v"(a4), "+v"(a5));
        __asm__ volatile("" : "+v"(a6), "+v"(a7), "+v"(a8), "+v"(a9), "+v"(a10), "+v"(a11));
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double seconds = (end.tv_sec - begin.tv_sec) + 1e-9 * (end.tv_nsec - begin.tv_nsec);
    return rounds * 12.0 * 2.0 * LANES / seconds;
}
