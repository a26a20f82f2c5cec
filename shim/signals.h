/*
 * Signals by the kernel's own calls: libc's know none of the two that it keeps for itself, and
 * sigaction() may be replaced by who keeps tables (the JVM's libjsig), which a child would change in
 * its parent. All of it is child-safe.
 */
#ifndef SHIM_SIGNALS_H
#define SHIM_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "conf/fault.h"

typedef void signals_handler(int);

signals_handler *signals_get(int sig);

/* handler: SIG_DFL or SIG_IGN. Returns the one of before. */
signals_handler *signals_set(int sig, signals_handler *handler);

int signals_wait(siginfo_t *info);	     /* for any of them, blocked; 0; -1: EINTR */
bool signals_take(int sig, siginfo_t *info); /* where it is pending */
bool signals_pending(int sig);

/*
 * Blocks every signal. signals_unblock() puts *old back: 0; -1 and errno where a filter denies it,
 * which signals_denied() says in *f. Returns f->err.
 */
void signals_block(uint64_t *old);
int signals_unblock(const uint64_t *old);
int signals_denied(struct fault *f);

#endif
