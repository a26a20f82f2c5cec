/*
 * The process that a rule's `join` means: found, and known again. Its number alone would not do,
 * since the kernel gives that to another once it has ended. All of it is child-safe.
 */
#ifndef SHIM_PROCESS_H
#define SHIM_PROCESS_H

#include "conf/profile.h"

/*
 * Fills in join->pid, where a pidfile tells it, and join->start. 0; -1 and *f: there is no such
 * process, or the one that the pidfile names is another by now (both ENOENT), or the pidfile is
 * not to be used: no process id in it (EINVAL), or not to be trusted by root (EPERM).
 */
int process_find(struct rule_join *join, struct fault *f);

/* The path of a file of a process: /proc/PID FOLDER NAME, with the slashes of FOLDER. */
enum { PROCESS_PATH = 32 };
const char *process_path(pid_t pid, const char *folder, const char *name, char buf[PROCESS_PATH]);

/* A number of /proc/PID/stat, by its field (proc_pid_stat(5)). 0; -1 and errno. */
int process_number(int fd, int field, unsigned long long *number);

/*
 * When it began, in ticks of 1/100 s after boot: with the number it is an identity. 0; -1 and errno
 * (ENOENT: there is no such process).
 */
enum { PROCESS_TICKS = 100 /* USER_HZ, of all machines but alpha and ia64 */ };
int process_start(pid_t pid, unsigned long long *ticks);

/*
 * The number by which /proc knows the process of a pidfd: another than its own, or 0, none, where
 * that is the /proc of another pid namespace. -1 and errno: there is no telling (ENOENT: no /proc at
 * all, or one in which this process is not).
 */
pid_t process_in_proc(int pidfd);

/* Is it there still? 0; -1 and *f (ENOENT): it has ended since it was found. */
int process_again(const struct rule_join *join, struct fault *f);

#endif
