/*
 * reap SECONDS PROGRAM [ARG]...: runs it, and answers for all that it leaves behind. What is still
 * there once it has ended (every descendant comes to us: we are a subreaper) is named, killed and
 * makes the exit status 99; what is not done in time is killed and makes it 98.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Kills our children; names them where `say` is set. Returns how many there were that live. */
static int kill_children(int say)
{
	int found = 0;
	DIR *proc = opendir("/proc");
	for (struct dirent *e; proc && (e = readdir(proc));) {
		char path[300], text[600], state = 0;
		int pid = atoi(e->d_name), parent = 0;
		if (pid <= 0)
			continue;
		snprintf(path, sizeof path, "/proc/%d/stat", pid);
		FILE *f = fopen(path, "r");
		if (!f)
			continue;
		size_t n = fread(text, 1, sizeof text - 1, f);
		fclose(f);
		text[n] = 0;
		char *close = strrchr(text, ')');
		if (!close || sscanf(close + 1, " %c %d", &state, &parent) != 2 ||
		    parent != getpid() || state == 'Z')
			continue;
		close[1] = 0;
		if (say)
			printf("left behind: process %s\n", text);
		found++;
		kill(pid, SIGKILL);
	}
	if (proc)
		closedir(proc);
	return found;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 97;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigset_t awaited;
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	sigaddset(&awaited, SIGTERM);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	pid_t child = fork();
	if (child == 0) {
		sigprocmask(SIG_UNBLOCK, &awaited, NULL);
		setpgid(0, 0);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(97);
	}
	struct timespec now, end;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += atoi(argv[1]);
	int status = 0, done = 0, late = 0;
	while (!done) {
		int s;
		pid_t pid;
		while ((pid = waitpid(-1, &s, WNOHANG)) > 0)
			if (pid == child) {
				status = s;
				done = 1;
			}
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (!done && now.tv_sec >= end.tv_sec) {
			printf("ended early, or not done after %s seconds\n", argv[1]);
			kill(-child, SIGKILL);
			late = 1;
			break;
		}
		if (!done && sigtimedwait(&awaited, NULL,
					  &(struct timespec){ .tv_nsec = 200000000 }) == SIGTERM)
			end = now;
	}
	/* What was just killed by its own parent may need a moment to go. */
	int left = 0;
	for (int i = 0; i < 20 && !late; i++) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOHANG | WNOWAIT) < 0)
			break;
		usleep(10000);
	}
	while (kill_children(!late) > 0) {
		left = 1;
		usleep(20000);
		while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
			;
	}
	fflush(stdout);
	if (late)
		return 98;
	if (left)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
