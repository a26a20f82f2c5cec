/*
 * The sets that a pool has ready. Each is a process that does nothing. When it is ready a token for
 * it goes into the fifo; who has taken the token and joined kills it. Tokens are taken in the order
 * in which they were written, so how many are left tells which sets have been taken. For the
 * command.
 */
#ifndef SHIM_STOCK_H
#define SHIM_STOCK_H

#include <time.h>

#include "conf/profile.h"
#include "shim/home.h"
#include "shim/plan.h"

enum { STOCK_MOST = 1024 };

/* One that is ready, or has been taken by who has not yet joined it. */
struct ahead {
	pid_t pid;
	int pidfd;
	unsigned long long number; /* of its token, from 1 on */
	time_t taken;		   /* seconds; 0: not yet */
	char *stack;
};

struct stock {
	struct rule rule; /* of what is made ahead, */
	struct ns_spec ns[NS_KINDS];
	struct creds creds;
	struct home home;
	pid_t pid;    /* of the pool */
	int tree;     /* a pidfd of the wrapped program, for whose programs it is */
	int fifo;     /* for the tokens */
	int signals;  /* a signalfd of SIGCHLD */
	int ready[2]; /* a byte of the one that is */
	struct ahead ahead[STOCK_MOST];
	unsigned count;
	unsigned failures; /* in a row */
	unsigned long long tokens;
};

void stock_make(struct stock *s); /* one */
void stock_reap(struct stock *s); /* those that have ended */

/*
 * How many are ready. Who has taken one and does not join it has ended, or stands still: he will
 * find nobody, and make his own.
 */
unsigned stock_count(struct stock *s);

#endif
