/* A plan as such: steps in order, and who they are for. All of it is child-safe. */
#ifndef SHIM_STEPS_H
#define SHIM_STEPS_H

#include <stdbool.h>

#include "shim/aim.h"

enum step_op {
	STEP_READY, /* see that the kernel has the filters of the rule, and have those of seccomp */
	STEP_INIT,  /* open the image of pid 1 */
	STEP_OPEN,  /* open the namespace file `path` of `kind` */
	STEP_PIDFD, /* open process `pid` */
	STEP_DIR,   /* open the root or working directory of the process of `join` */
	STEP_PROCFS, /* open the /proc of outside: what a joined one shows may be anything */
	STEP_SAME,   /* see that this is still the process that was found */
	STEP_KEEP, /* open the namespaces `flags`, and the directory `path`, of now: the way back */
	STEP_HIDE, /* not to be traced by those who live in the user namespace that is joined */
	STEP_SHARE, /* join the namespaces `flags` of the set `path`, which may have to be made */
	STEP_AHEAD, /* take the namespaces `flags`, if a set is ready: they are not created then */
	STEP_TRY,  /* join all opened, user excepted; what is refused is tried again at STEP_JOIN */
	STEP_JOIN, /* join user, then what was refused */
	STEP_MAPPER, /* start the process that writes the maps from outside; it checks the ranges */
	STEP_SHIFT,  /* make the mounts that show ids shifted */
	STEP_USER,   /* create a user namespace */
	STEP_MAP,    /* write `text` to the file `path` of /proc/self */
	STEP_MAPPED, /* have the maps written by that process */
	STEP_CREATE, /* create the namespaces `flags` */
	STEP_TIME,   /* move into the time namespace just created, as an exec would */
	STEP_PRIVATE,  /* no mount or unmount inside shows outside */
	STEP_NETNS,    /* the files and the /sys of a network by name */
	STEP_LOOPBACK, /* bring lo up */
	STEP_IDS,      /* take ids that are mapped inside */
	STEP_TAKE,     /* have the root or working directory that STEP_DIR opened */
	STEP_CWD,      /* go to the directory `path`; null: to the caller's, by its name */
	STEP_CAPS,     /* keep the capabilities that an exec would leave, no more: the load door */
	STEP_PRIVILEGED, /* of the process, what needs capabilities of outside */
	STEP_ITEMS,	 /* what the rule asks for in `phase` */
	STEP_ROOT,	 /* have the root that was built */
	STEP_BUILT,	 /* or none: take down what the files were built with */
	STEP_PROC, /* mount the /proc of the pid namespace: its first program, before its exec */
	STEPS	   /* how many there are */
};

enum dir { DIR_ROOT, DIR_CWD, DIRS };

struct step {
	enum step_op op;
	enum ns_kind kind; /* NS_KINDS: no one kind */
	union {
		int flags; /* CLONE_NEW* */
		pid_t pid;
		enum dir dir;
		enum item_phase phase;
		const char *text; /* a one-extent map, or a word */
	};
	const char *path;
};

enum { PLAN_MOST = 2 * NS_KINDS + 27 + PHASES };

struct plan {
	const struct rule *rule;
	int leaves;	   /* CLONE_NEW* of all kinds that change */
	int joins;	   /* of those that are joined, */
	int creates;	   /* and created, user excepted */
	bool creates_user; /* by the rule, or as its fallback */
	/* Those who live in the set have no capability in its user namespace, since an exec took
	   them, so they can trace nobody who has just come: capabilities are asked for first. And
	   their ids are those of the caller. */
	bool tame;
	bool moves_pid; /* what is executed has to be born in another pid namespace */
	unsigned count;
	unsigned opened; /* up to this one they only open what leads there */
	unsigned born;	 /* from this step on, they are that child's */
	unsigned last;	 /* from this one on, nothing but the exec may follow */
	struct step step[PLAN_MOST];
	char map[2][AIM_MAP]; /* the texts of one-extent maps: uid, gid */
};

/* Who asks: the doors differ in what follows the entry. */
enum plan_for {
	PLAN_EXEC, /* an exec follows, and may fail: the way back is kept open where there is one */
	PLAN_SPAWN, /* an exec follows, and the process ends where it fails */
	PLAN_LOAD,  /* no exec follows */
	PLAN_FORK,  /* none follows, and the process was born in the pid namespace already */
	PLAN_HOLD,  /* nor here, and ids and directory stay: it is there for others to join */
};

/* The next step, of no more than these two. */
struct step *plan_add(struct plan *p, enum step_op op, enum ns_kind kind);

/* Is there such a step? */
bool plan_has(const struct plan *p, enum step_op op);

/* Does the rule leave no more than parts of the file system (Landlock)? */
bool plan_has_fence(const struct plan *p);

#endif
