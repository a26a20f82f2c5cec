/*
 * What came of a door: kept apart from the doing, since for a spawned child its parent does the
 * talking.
 */
#ifndef SHIM_REPORT_H
#define SHIM_REPORT_H

#include <stdbool.h>

#include "conf/fault.h"
#include "shim/plan.h"

struct entry; /* shim/enter.h */

enum report_what {
	REPORT_NOTHING, /* no rule fitted, or the target cannot be executed */
	REPORT_ENTERED, /* `rule` was entered */
	REPORT_FAILED,	/* `fault` */
	REPORT_WENT_ON, /* `fault`, and on_error = continue: executed outside */
};

struct report {
	bool later; /* set by the caller: the process may fail half entered, and says nothing itself
		     */
	enum report_what what;
	bool user_created;
	bool powerless;	  /* the target is set-id or has file capabilities, which a user namespace
			   takes away */
	const char *rule; /* its name, */
	int kinds;	  /* and CLONE_NEW* of those that it asks for */
	unsigned long id[NS_KINDS]; /* inode of each namespace; only taken for NSSHIM_LOG=info */
	/* Only for a log that traces: by which door, what, which process and as seen from which pid
	   namespace, and when, in microseconds of CLOCK_REALTIME: no namespace moves that. */
	const char *door;
	char program[32];
	pid_t pid, parent;
	unsigned long pidns;
	long long begun, done;
	struct fault fault;
};

enum log_level { LOG_OFF, LOG_ERROR, LOG_INFO, LOG_DEBUG };

/* Where NSSHIM_LOG wants it. Made once, constant afterwards. */
struct log {
	enum log_level level;
	bool traces;	  /* records for nsshim trace, not lines for people: report_loaded() */
	const char *path; /* null: descriptor 2 */
};

/* LEVEL or LEVEL:PATH; false where it is neither. text may be null: error. */
bool log_parse(struct log *log, const char *text);

/* The descriptor to write to: 2, or the file just opened; -1: nowhere. Keeps errno. child-safe */
int log_open(const struct log *log, enum log_level level);
void log_close(const struct log *log, int fd); /* leaves the caller's 2 alone. child-safe */

/*
 * Fills in that this process has entered, with the namespaces it is in where the log wants them.
 * child-safe
 */
void report_entered(struct report *r, const struct entry *e, const struct log *log);

/* What it is that enters, by which door, and that it begins now, where the log traces: before the
   entry, in which the process becomes another number. child-safe */
void report_about(struct report *r, const struct log *log, const char *door, const char *path);

/* The entry ends now, and not when report_entered() was called. child-safe */
void report_ended(struct report *r, const struct log *log);

/*
 * A record of a program that has the library and was loaded, where the log traces. The words of a
 * record are parted by tabs: `nsshim`, `loaded` or `entered`, the number of the pid namespace that
 * the pids are of, pid, parent's pid, when it was done, the microseconds that it took, door, rule,
 * `KIND:NUMBER ` of each namespace (0: there was no telling), program. child-safe
 */
void report_loaded(const struct log *log, const char *path);

/* Turns a failed report into one of on_error = continue. child-safe */
void report_went_on(struct report *r);

/*
 * Says what the report holds, where the level asks for it, in one write(2). Keeps errno. child-safe
 */
void report_write(const struct report *r, const struct log *log, int fd);
void report_say(const struct report *r, const struct log *log); /* opens and closes. child-safe */

#endif
