/*
 * Puts a program into another pid namespace. No process can move there: it has to be born there, of
 * a process that has chosen where its children go. All of it is child-safe.
 *
 * Where nobody has been told of a child yet (the spawn door), the process that has entered is a
 * throwaway: it has no exit signal, so no wait sees it, and bears the program as a child of its own
 * parent. Elsewhere it stays, as the program's monitor.
 */
#ifndef SHIM_PLACE_H
#define SHIM_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "shim/enter.h"

struct place {
	int begins; /* futex: the init's thread id, until it has executed or ended */
	int pipe;   /* to the init, which counts us out when it is closed; -1: there is no init */
	int theirs; /* the init's end; -1: closed here */
	pid_t init; /* 0: none */
	int image;
	bool stays;
	int err;     /* errno of what its process could not do */
	pid_t child; /* the program; 0: none yet */
	char *stack; /* its own, until it has executed */
	size_t size;
	int uses; /* futex: whether the program's process is in this memory still */
};

enum { PLACE_STACK = 2048 }; /* bytes that the init needs until it has executed */

/*
 * Starts pid 1 of the namespace that the entry has created, if it has; with `stays` that one ends
 * with this process. It executes while the program does: place_begun() is owed. 0; -1 and a
 * fault.
 */
int place_prepare(struct place *p, char *stack, const struct entry *e, bool stays, struct fault *f);

/* The parts of it: there is none yet; makes the pipe; starts the init. */
void place_none(struct place *p);
int place_open(struct place *p, struct fault *f);
int place_init(struct place *p, char *stack, const struct entry *e, bool stays, struct fault *f);

/*
 * Starts run(arg) in the namespace, in this memory, and returns once it has executed or ended: the
 * pid, as this process knows it. sibling: it is its parent's child, else its own. run() must
 * not return but by an exec or _exit. room: on its stack, beyond what code needs. -1: errno.
 */
pid_t place_child(struct place *p, int (*run)(void *), void *arg, size_t room, bool sibling);

/*
 * Waits until the init has executed. 0; -1 and a fault: it cannot, and so the kernel has killed the
 * program.
 */
int place_begun(struct place *p, const struct entry *e, struct fault *f);

/*
 * For another who has this memory, after the process that used the place has ended: waits until
 * nobody is in it any more.
 */
void place_left(struct place *p);

/* Lets the init see that the program is started and that this process stays with it. */
void place_stay(struct place *p);

/* Lets the init see that the program is started, or that there is none. */
void place_end(struct place *p);

#endif
