// OpenBLAS, loaded by the first solve that needs it. Most commands need none, and the loader would resolve its
// 14,000 symbols and start a thread a core in front of each of them: 2 ms of every start.
// SPDX-License-Identifier: MIT
#pragma once

#include <cblas.h>

#include <complex>

extern "C" {
void zgeev_(const char* jobvl, const char* jobvr, const int* n, std::complex<double>* a, const int* lda,
            std::complex<double>* w, std::complex<double>* vl, const int* ldvl, std::complex<double>* vr,
            const int* ldvr, std::complex<double>* work, const int* lwork, double* rwork, int* info);
void zgetrf_(const int* m, const int* n, std::complex<double>* a, const int* lda, int* pivots, int* info);
void zgetrs_(const char* trans, const int* n, const int* columns, const std::complex<double>* a, const int* lda,
             const int* pivots, std::complex<double>* b, const int* ldb, int* info);
void zgees_(const char* jobvs, const char* sort, void* select, const int* n, std::complex<double>* a,
            const int* lda, int* sdim, std::complex<double>* w, std::complex<double>* vs, const int* ldvs,
            std::complex<double>* work, const int* lwork, double* rwork, int* bwork, int* info);
void ztrsen_(const char* job, const char* compq, const int* select, const int* n, std::complex<double>* t,
             const int* ldt, std::complex<double>* q, const int* ldq, std::complex<double>* w, int* m,
             double* s, double* sep, std::complex<double>* work, const int* lwork, int* info);
}

namespace assay::workload::gk {

/// Its routines by their names; the declarations above are their types, and nothing links to them.
struct Blas {
  decltype(&cblas_zgemv) zgemv;
  decltype(&cblas_zgemm) zgemm;
  decltype(&zgeev_) zgeev;
  decltype(&zgetrf_) zgetrf;
  decltype(&zgetrs_) zgetrs;
  decltype(&zgees_) zgees;
  decltype(&ztrsen_) ztrsen;
};

/// On the caller's thread alone: the threads that it starts when it is loaded are ended, they would spin for
/// tens of milliseconds, one a core. Loaded once in the life of the process; thread-safe. std::runtime_error
/// where there is none.
const Blas& blas();

}  // namespace assay::workload::gk
