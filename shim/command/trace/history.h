/* What happened in a run: what records tell (records.h), and what was seen from outside (follow.h). */
#ifndef SHIM_COMMAND_HISTORY_H
#define SHIM_COMMAND_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { LEVELS = 8 /* of pid namespaces that are told apart; the kernel has 32 */ };

struct process {
	unsigned long pidns; /* the pid namespace that the two pids are of, by its number */
	pid_t pid, parent_pid;
	int parent; /* index; -1: not known */
	int next;   /* with the same hash; -1 */
	/* Seen from outside: */
	bool followed;
	bool silent;	     /* it was born without an exit signal: nobody is to wait for it */
	unsigned long inner; /* the pid namespace that it is in; 0: there is no telling */
	pid_t level[LEVELS]; /* its number in each, from the command's own inwards */
	unsigned levels;
	long long born, ended; /* microseconds of CLOCK_REALTIME; 0: not (yet) */
	int status;	       /* as wait(2) */
};

enum event_what { EVENT_BORN, EVENT_EXEC, EVENT_LOADED, EVENT_ENTERED };

struct event {
	enum event_what what;
	int process;	/* index */
	size_t order;	/* as they came to be known */
	long long when; /* as in struct process */
	char *program;	/* the last component; of one that only forked "" */
	/* EVENT_EXEC */
	char *path;	 /* as it was named; null: only its name is known */
	bool own;	 /* an image of the library's, */
	bool helps;	 /* and one that will not be the program */
	const char *why; /* it cannot have the library; null: it may */
	/* EVENT_ENTERED */
	char *door, *rule;
	char *namespaces; /* as in a record */
	long long took;
};

struct history {
	struct process *process;
	size_t processes, process_room;
	struct event *event;
	size_t events, event_room;
	char **said; /* lines that are no records */
	size_t lines;
	int *hash;
};

/* What time it is, in the microseconds of records. */
long long history_now(void);

/* Adds one, which is filled with what is given and else with zeros. No memory ends the program. */
int history_add(struct history *h, unsigned long pidns, pid_t pid, long long born);
struct event *history_event(struct history *h, int process, enum event_what what, long long when);
void history_say(struct history *h, char *line); /* keeps it */
char *history_text(const char *text);		 /* a copy, for one of these */

/*
 * The last one that had this number in that pid namespace at the time, as its parent may have seen
 * it too; -1.
 */
int history_find(const struct history *h, unsigned long pidns, pid_t pid, long long when);

/* All events, in the order of time. */
void history_sort(struct history *h);

void history_free(struct history *h);

#endif
