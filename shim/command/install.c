#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/command/install.h"
#include "shim/command/out.h"
#include "shim/path.h"

#define NAME "libnsshim.so"

/* FOLDER, of which the last `up` components are left out, and what is below. */
static bool found(const char *self, int up, const char *below, char *path)
{
	struct text t = text_in(path, PATH_MAX);
	const char *end = self + strlen(self);

	while (up && end > self)
		up -= *--end == '/';
	text_bytes(&t, self, (size_t)(end - self));
	text_str(&t, below);
	return !up && !t.cut && !access(path, R_OK);
}

bool install_find(char *path)
{
	char self[PATH_MAX];

	path_self(self);
	return found(self, 1, "/" NAME, path) || found(self, 2, "/lib/" NAME, path) ||
	       found(PREFIX, 0, "/lib/" NAME, path);
}

const char *install_missing(void)
{
	char self[PATH_MAX];

	return *path_self(self) ? "there is no " NAME " beside this command, nor in " PREFIX "/lib"
				: "/proc is not mounted, which tells where this command is, and "
				  "there is no " NAME " in " PREFIX
				  "/lib: mount -t proc proc /proc";
}

int install_library(char *path, const char *command)
{
	if (!install_find(path)) {
		out_refuse(command, "%s", install_missing());
		return -1;
	}
	if (strpbrk(path, " :\t\n")) {
		out_refuse(
			command,
			"%s: a blank or a colon, which ld.so(8) takes for the end of a library's "
			"path in LD_PRELOAD",
			path);
		return -1;
	}
	return 0;
}
