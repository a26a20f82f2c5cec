/*
 * odd: calls of exec(3) with arguments that are odd, each in a child of its own; prints what came
 * of each, for a comparison. The working directory holds `state`, as `prog`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Volatile, since compilers know that none of these may be null, or end before the first byte. */
static char *volatile bad = (char *)8, *volatile null;
static char **volatile nulls;
static char *none[] = { NULL };
static char *args[] = { "prog", "args", "env:A", "exit:3", NULL };
static char *own[] = { "A=1", NULL };
static char *bad_in[] = { "prog", (char *)8, NULL };
static char *many[20003];
static char *large[4];

static void a_null_path(void)
{
	execve(null, args, own);
}
static void a_bad_path(void)
{
	execve(bad, args, own);
}
static void an_empty_path(void)
{
	execve("", args, own);
}
static void null_arguments(void)
{
	execve("./prog", nulls, own);
}
static void empty_arguments(void)
{
	execve("./prog", none, own);
}
static void bad_arguments(void)
{
	execve("./prog", (char **)bad, own);
}
static void a_bad_argument(void)
{
	execve("./prog", bad_in, own);
}
static void a_null_environment(void)
{
	execve("./prog", args, NULL);
}
static void an_empty_environment(void)
{
	execve("./prog", args, none);
}
static void a_bad_environment(void)
{
	execve("./prog", args, (char **)bad);
}
static void a_bad_variable(void)
{
	execve("./prog", args, bad_in);
}
static void no_environ(void)
{
	environ = NULL;
	execv("./prog", args);
}
static void no_environ_searched(void)
{
	environ = NULL;
	execvp("./prog", args);
}
static void an_empty_name(void)
{
	execvp("", args);
}
static void many_arguments(void)
{
	for (int i = 0; i < 20001; i++)
		many[i] = "x";
	many[1] = "exit:4";
	execve("./prog", many, own);
}
static void too_many(void)
{
	char *text = malloc(300000);
	memset(text, 'x', 299999);
	text[299999] = 0;
	large[0] = large[1] = text;
	execve("./prog", large, own);
}
static void odd_flags(void)
{
	execveat(AT_FDCWD, "./prog", args, own, 0x40);
}
static void not_through_links(void)
{
	execveat(AT_FDCWD, "./link", args, own, AT_SYMLINK_NOFOLLOW);
}
static void a_closed_descriptor(void)
{
	execveat(77, "prog", args, own, 0);
}
static void a_closed_descriptor_itself(void)
{
	execveat(77, "", args, own, AT_EMPTY_PATH);
}
static void an_empty_path_without_its_flag(void)
{
	execveat(open("prog", O_PATH), "", args, own, 0);
}
static void a_file_as_folder(void)
{
	execveat(open("prog", O_PATH), "prog", args, own, 0);
}
static void the_check_alone(void)
{
	errno = 0;
	if (!execveat(AT_FDCWD, "./prog", args, own, 0x10000))
		_exit(9);
}
static void fexecve_negative(void)
{
	fexecve(-1, args, own);
}
static void fexecve_null(void)
{
	fexecve(open("prog", O_RDONLY), nulls, own);
}
static void fexecve_o_path(void)
{
	fexecve(open("prog", O_PATH | O_CLOEXEC), args, own);
}
static void fexecve_of_a_script(void)
{
	fexecve(open("script", O_RDONLY), args, own);
}
static void fexecve_of_a_script_cloexec(void)
{
	fexecve(open("script", O_RDONLY | O_CLOEXEC), args, own);
}
static void a_script(void)
{
	execve("./script", args, own);
}
static void a_script_of_a_script(void)
{
	execve("./script-2", args, own);
}

static const struct {
	const char *name;
	void (*call)(void);
} calls[] = {
#define C(name)                                                                                    \
	{                                                                                          \
#name, name                                                                        \
	}
	C(a_null_path),
	C(a_bad_path),
	C(an_empty_path),
	C(null_arguments),
	C(empty_arguments),
	C(bad_arguments),
	C(a_bad_argument),
	C(a_null_environment),
	C(an_empty_environment),
	C(a_bad_environment),
	C(a_bad_variable),
	C(no_environ),
	C(no_environ_searched),
	C(an_empty_name),
	C(many_arguments),
	C(too_many),
	C(odd_flags),
	C(not_through_links),
	C(a_closed_descriptor),
	C(a_closed_descriptor_itself),
	C(an_empty_path_without_its_flag),
	C(a_file_as_folder),
	C(the_check_alone),
	C(fexecve_negative),
	C(fexecve_null),
	C(fexecve_o_path),
	C(fexecve_of_a_script),
	C(fexecve_of_a_script_cloexec),
	C(a_script),
	C(a_script_of_a_script),
};

int main(void)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		for (volatile int in_vfork = 0; in_vfork < 2; in_vfork++) {
			int status, err;
			printf("%s%s: ", calls[i].name, in_vfork ? ", vfork" : "");
			fflush(stdout);
			pid_t pid = in_vfork ? vfork() : fork();
			if (pid == 0) {
				char **saved = environ;
				errno = 0;
				calls[i].call();
				err = errno;
				environ = saved;
				if (dprintf(1, "%s ", strerrorname_np(err)) < 0)
					_exit(71);
				_exit(70);
			}
			waitpid(pid, &status, 0);
			environ = environ ? environ : none;
			printf("status %x\n", status);
		}
	}
	return 0;
}
