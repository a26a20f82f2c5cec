#define _GNU_SOURCE
#include <errno.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim/command/trace/follow.h"
#include "shim/command/trace/proc.h"
#include "shim/sys.h"

/* A thread that is followed, by its number as this process knows it. */
struct tracee {
	pid_t tid;
	int process;
	bool first; /* the process itself */
};

struct follow {
	struct history *history;
	void *tracees; /* tsearch(3) */
	size_t count;
	unsigned long pidns;
	bool leaves; /* each is let go where it stops */
	pid_t child;
	int status; /* -1: the child goes on */
};

/* Without PTRACE_O_EXITKILL: were this process killed, the program would go on, and nobody look. */
static const unsigned long options =
	PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;

static int refused(pid_t child, int err, struct fault *f)
{
	char path[48], text[4096];
	const char *tracer;

	fault_set(f, "ptrace", NS_KINDS, NULL, err);
	snprintf(path, sizeof path, "/proc/%d/status", (int)child);
	sys_read_file(path, text, sizeof text);
	tracer = strstr(text, "\nTracerPid:\t");
	if (tracer && atoi(tracer + strlen("\nTracerPid:\t")))
		fault_why(f, "another program, as a debugger, follows this one already");
	else if (sys_read_file("/proc/sys/kernel/yama/ptrace_scope", text, sizeof text) > 0 &&
		 text[0] > '1')
		fault_why(f, text[0] == '2'
				     ? "needs CAP_SYS_PTRACE, or sysctl kernel.yama.ptrace_scope=1"
				     : "kernel.yama.ptrace_scope is 3, until the next boot");
	else
		fault_why(f, "a filter of system calls, as a container's, or a security module; "
			     "without --all nothing needs it");
	return -1;
}

int follow_begin(pid_t child, struct fault *f)
{
	return ptrace(PTRACE_SEIZE, child, NULL, options) ? refused(child, errno, f) : 0;
}

static int by_tid(const void *a, const void *b)
{
	pid_t x = ((const struct tracee *)a)->tid, y = ((const struct tracee *)b)->tid;

	return x < y ? -1 : x > y;
}

static struct tracee *find(const struct follow *f, pid_t tid)
{
	const struct tracee key = { .tid = tid };
	struct tracee **node = tfind(&key, (void *const *)&f->tracees, by_tid);

	return node ? *node : NULL;
}

static void forget(struct follow *f, struct tracee *t)
{
	if (!t)
		return;
	tdelete(t, &f->tracees, by_tid);
	free(t);
	f->count--;
}

static int process_of(const struct follow *f, pid_t pid)
{
	struct tracee *t = find(f, pid);

	return t ? t->process : -1;
}

static int new_process(struct follow *f, struct process *seen)
{
	struct history *h = f->history;
	long long now = history_now();
	int i = history_add(h, f->pidns, seen->pid, now), next = h->process[i].next;

	seen->next = next;
	seen->pidns = f->pidns;
	seen->followed = true;
	seen->born = now;
	seen->parent = process_of(f, seen->parent_pid);
	h->process[i] = *seen;
	history_event(h, i, EVENT_BORN, now);
	return i;
}

/* At its own first stop, or at that of who has started it, when it may have come and gone. */
static void meet(struct follow *f, pid_t tid)
{
	struct process seen = { .pid = tid };
	struct tracee *t;
	pid_t pid = find(f, tid) ? 0 : proc_look(&seen);

	if (!pid)
		return;
	t = malloc(sizeof *t);
	if (!t)
		abort();
	t->tid = tid;
	t->first = pid == tid;
	t->process = t->first ? new_process(f, &seen) : process_of(f, pid);
	if (!tsearch(t, &f->tracees, by_tid))
		abort();
	f->count++;
}

static pid_t message(pid_t tid)
{
	unsigned long number = 0;

	ptrace(PTRACE_GETEVENTMSG, tid, NULL, &number);
	return (pid_t)number;
}

/*
 * Of several threads the one that executes becomes the first: its own number is no more. True: it
 * helps the library from now on, with the powers that its tools have only where nobody follows.
 */
static bool executed(struct follow *f, pid_t pid)
{
	pid_t before = message(pid);
	struct tracee *t;
	struct event *e;

	if (before && before != pid)
		forget(f, find(f, before));
	t = find(f, pid);
	if (!t || t->process < 0)
		return false;
	e = history_event(f->history, t->process, EVENT_EXEC, history_now());
	proc_executed(e, pid);
	return e->own && e->helps;
}

static void ended(struct follow *f, pid_t tid, int status)
{
	struct tracee *t = find(f, tid);

	if (t && t->first) {
		f->history->process[t->process].ended = history_now();
		f->history->process[t->process].status = status;
	}
	forget(f, t);
	if (tid == f->child)
		f->status = status;
}

/* It was killed meanwhile, where this fails; that will be told. */
static void go_on(struct follow *f, pid_t tid, int request, int sig)
{
	if (f->leaves)
		request = PTRACE_DETACH;
	if (request == PTRACE_DETACH)
		forget(f, find(f, tid));
	ptrace(request, tid, NULL, (void *)(long)sig);
}

static bool is_stop(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* A stop of the whole process is one that SIGCONT ends: it is listened for, and not gone on from. */
static void stopped(struct follow *f, pid_t tid, int status)
{
	int event = status >> 16, sig = WSTOPSIG(status), request = PTRACE_CONT;

	meet(f, tid);
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		meet(f, message(tid));
		break;
	case PTRACE_EVENT_EXEC:
		if (executed(f, tid))
			request = PTRACE_DETACH;
		break;
	case PTRACE_EVENT_STOP:
		if (is_stop(sig))
			request = PTRACE_LISTEN;
		break;
	}
	go_on(f, tid, request, event ? 0 : sig);
}

/* False: nobody has stopped or ended, or there is nobody. */
static bool wait_once(struct follow *f, int flags)
{
	int status;
	pid_t tid;

	do
		tid = waitpid(-1, &status, __WALL | flags);
	while (tid < 0 && errno == EINTR);
	if (tid <= 0)
		return false;
	if (WIFSTOPPED(status))
		stopped(f, tid, status);
	else
		ended(f, tid, status);
	return true;
}

static void interrupt(const void *node, VISIT order, int depth)
{
	(void)depth;
	if (order == preorder || order == leaf)
		ptrace(PTRACE_INTERRUPT, (*(struct tracee *const *)node)->tid, NULL, NULL);
}

/*
 * Before the tree is printed, which may wait for a reader. Who does not stop, as one that waits for a
 * child of vfork(2), is let go by the kernel when this process ends.
 */
static void leave(struct follow *f)
{
	const struct timespec tick = { .tv_nsec = 1000000 };
	int patience = 1000;

	f->leaves = true;
	twalk(f->tracees, interrupt);
	while (f->count && patience)
		if (!wait_once(f, WNOHANG)) {
			nanosleep(&tick, NULL);
			patience--;
		}
	tdestroy(f->tracees, free);
}

int follow(struct history *h, pid_t child)
{
	struct follow f = {
		.history = h, .pidns = proc_pidns("self"), .child = child, .status = -1
	};

	meet(&f, child);
	while (f.status < 0 && wait_once(&f, 0))
		;
	leave(&f);
	return f.status;
}
