/* Runs the steps of a plan in this process. child-safe from end to end, also in a vfork child. */
#ifndef SHIM_ENTER_H
#define SHIM_ENTER_H

#include <stdbool.h>
#include <sys/resource.h>

#include "shim/inner/files.h"
#include "shim/home.h"
#include "shim/plan.h"

struct helper;

/* How far the entry has come; on the stack of whoever enters. */
struct entry {
	const struct plan *plan;
	const struct home *home;
	int init;	    /* the image of pid 1; -1 */
	int left;	    /* CLONE_NEW* of the kinds that are no longer those of before */
	int refused;	    /* joins to be tried again */
	int taken;	    /* CLONE_NEW* of the kinds that were made ahead: not to be created */
	int file[NS_KINDS]; /* namespaces to join: a namespace file or a pidfd */
	int pidfds;	    /* CLONE_NEW* of the kinds whose file is a pidfd */
	int back[NS_KINDS]; /* the namespaces of before */
	int cwd, root;	    /* the directories of before; -1 */
	int proc;	    /* /proc, where STEP_PROCFS opened it; -1 */
	int member;	    /* the connection that makes it one of a shared set; -1 */
	int filters;	    /* those of seccomp (shim/inner/filter.h); -1 */
	int ruleset;	    /* that of Landlock, while it is made; -1 */
	int dir[DIRS];	    /* those of the process of `join`; -1 */
	struct files files; /* what the files of the rule are built with */
	int trace;	    /* where steps are told; -1: nowhere */
	bool failed;	    /* at the last moment: enter_last() */
	bool lasting;	    /* something was done that no way back undoes */
	pid_t parent;	    /* of who enters, for an item of the process; 0: outside */
	bool raised;	    /* RLIMIT_NOFILE's soft limit, for the moment */
	struct rlimit limit;
	int dumpable;	   /* before STEP_HIDE; -1: not hidden */
	const char *where; /* the working directory's name of before */
	uid_t uid;	   /* the effective ids of before, */
	gid_t gid;
	int death;	       /* and the parent death signal: for who takes ids */
	struct helper *helper; /* the process that writes maps; null: none */
};

/*
 * Who must not enter in place, but has to go through a fresh image: a process of several threads
 * where the kind forbids it; one that shares its memory and joins a user namespace (those who live
 * in it could read that memory: CVE-2016-9962), or has capabilities and creates one (so could its
 * owner), or moves in time, or takes other ids; and one that is not dumpable and so cannot write its own maps. The user
 * namespace of a tame set (shim/plan.h) is joined as one's own is created.
 * child-safe
 */
bool enter_needs_fresh_image(const struct plan *plan);

/* Fills *c from this process. child-safe */
void enter_creds(struct creds *c);

/*
 * 0: entered completely. -1 with *f: some of it may be done; entry_back() tells. Each step is
 * written to the descriptor `trace` before it is done; -1: no trace. Where plan->moves_pid what is
 * executed has to be born now (shim/place.h), and does enter_born(). In both cases enter_last() is
 * owed. child-safe
 */
int enter(struct entry *e, const struct plan *plan, const struct home *home, int trace,
	  struct fault *f);

/*
 * enter() in two halves, of which the first opens what leads there and changes nothing: where the
 * second is a child's, by fork(2), to whom the numbers of processes mean others. child-safe
 */
int enter_open(struct entry *e, const struct plan *plan, const struct home *home, struct fault *f);
int enter_go(struct entry *e, int trace, struct fault *f);

/* The rest of it, in the child. 0; -1 with *f. child-safe */
int enter_born(struct entry *e, int trace, struct fault *f);

/*
 * What comes last of all, in the process that is to be the program: filters of system calls, which
 * may deny whatever was still to be done. 0; -1 with *f, and e->failed. child-safe
 */
int enter_last(struct entry *e, struct fault *f);

/*
 * A kind in which this process is somewhere else than before, among those whose way back is kept
 * and the user namespaces; NS_KINDS: there is none, since what it joined it was in already, or
 * since a time namespace is only entered by the exec. child-safe
 */
enum ns_kind entry_moved(const struct entry *e);

/*
 * Goes back. True: nothing is left entered. False: the process is, or may be, half inside.
 * child-safe
 */
bool entry_back(struct entry *e);

/* Undoes STEP_HIDE, where no exec follows that would: once all else is closed. child-safe */
void entry_show(struct entry *e);

/*
 * A file of /proc: of that of before, where another mount namespace was joined. entry_open() reads,
 * and is a descriptor; entry_write() writes all of the text at once (sys_write_file), and is 0, as
 * entry_stat() is. -1 with errno. child-safe
 */
int entry_open(const struct entry *e, const char *path);
int entry_write(const struct entry *e, const char *path, const char *text);
int entry_stat(const struct entry *e, const char *path, struct stat *st);

/* Closes what the entry holds, for who goes on without an exec. child-safe */
void entry_close(struct entry *e);

#endif
