#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "shim/libc.h"

extern char **environ;

const char *gnu_get_libc_version(void) __attribute__((weak));

bool libc_is_musl(void)
{
	return !gnu_get_libc_version;
}

/* Between this frame and the texts of the kernel's: no array of setenv(3)'s is there. */
static bool is_initial(char **envp)
{
	uintptr_t at = (uintptr_t)envp;

	return at > (uintptr_t)__builtin_frame_address(0) && at < (uintptr_t)getauxval(AT_EXECFN);
}

/* argc, argv, null, envp. Counted from the end: argc is the one number that fits. */
void libc_words(char ***argv, char ***envp)
{
	static char *none[1];
	char **at = environ ? environ : none;
	uintptr_t count = 0;

	*argv = NULL;
	*envp = at;
	if (!is_initial(at))
		return;
	for (at -= 2; (uintptr_t)*at != count; at--)
		count++;
	*argv = at + 1;
}
