#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "conf/text.h"
#include "shim/search.h"

#define DEFAULT_PATH "/bin:/usr/bin" /* where PATH is unset: confstr(3), _CS_PATH */

bool search_goes_on(int err)
{
	return err == ENOENT || err == ESTALE || err == ENOTDIR || err == ENODEV ||
	       err == ETIMEDOUT || err == EACCES;
}

bool search_is_along(const char *file)
{
	return !strchr(file, '/');
}

/* Apart: who has a path does not pay for the room of the candidates on a small stack. */
__attribute__((noinline)) static int along(const char *path, const char *file, search_try *try,
					   void *ctx)
{
	char candidate[PATH_MAX];
	bool denied = false, stop = false;
	int err = ENOENT;

	if (!file[0])
		return ENOENT;
	if (strnlen(file, NAME_MAX + 1) > NAME_MAX)
		return ENAMETOOLONG;
	if (!path)
		path = DEFAULT_PATH;
	for (;; path++) {
		size_t len = strcspn(path, ":");
		struct text t = text_in(candidate, sizeof candidate);

		text_bytes(&t, path, len);
		text_str(&t, len ? "/" : ""); /* an empty part is the working directory */
		text_str(&t, file);
		if (!t.cut) {
			err = try(ctx, candidate, &stop);
			if (stop || !search_goes_on(err))
				return err;
			denied |= err == EACCES;
		}
		path += len;
		if (!*path)
			return denied ? EACCES : err;
	}
}

int search(const char *path, const char *file, search_try *try, void *ctx)
{
	bool stop = false;

	return search_is_along(file) ? along(path, file, try, ctx) : try(ctx, file, &stop);
}
