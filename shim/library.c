#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "conf/text.h"
#include "shim/env.h"
#include "shim/library.h"
#include "shim/path.h"

/* Not for the usual case, an absolute path: it would touch a page of the stack for nothing. */
__attribute__((noinline)) static bool from_cwd(const char *entry, size_t len, char *path)
{
	char whole[PATH_MAX];
	struct text t = text_in(whole, sizeof whole);

	text_bytes(&t, entry, len);
	return !t.cut && path_absolute(AT_FDCWD, whole, path);
}

static bool absolute(const char *entry, size_t len, char *path)
{
	struct text t = text_in(path, PATH_MAX);

	if (entry[0] != '/')
		return from_cwd(entry, len, path);
	text_bytes(&t, entry, len);
	return !t.cut;
}

void library_find(const char *preload, char *path)
{
	size_t len;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;
	struct text t;
	Dl_info info;

	if (own && memchr(own, '/', len) && !memchr(own, '$', len) && absolute(own, len, path))
		return;
	t = text_in(path, PATH_MAX);
	if (dladdr(library_find, &info) && info.dli_fname)
		text_str(&t, info.dli_fname);
}

bool library_by_word(const char *path, const char *word, char *name)
{
	static const char folder[] = "/" LIBDIR "/libnsshim.so";
	size_t len = strlen(path), end = sizeof folder - 1;
	struct text t = text_in(name, PATH_MAX);

	if (!LIBWORD[0] || len < end || strcmp(path + len - end, folder) != 0)
		return false;
	text_bytes(&t, path, len - end + 1);
	text_str(&t, word);
	text_str(&t, "/libnsshim.so");
	return !t.cut;
}

bool library_name(const char *preload, const char *path, char *name)
{
	size_t len;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;
	struct text t = text_in(name, PATH_MAX);

	if (!own || !memchr(own, '/', len))
		return library_by_word(path, LIBWORD, name);
	if (own[0] != '/' || !memchr(own, '$', len))
		return false;
	text_bytes(&t, own, len);
	return !t.cut;
}

void library_helper(const char *library, char *path)
{
	const char *slash = strrchr(library, '/');
	struct text t = text_in(path, PATH_MAX);

	if (library[0] != '/')
		return;
	text_bytes(&t, library, (size_t)(slash + 1 - library));
	text_str(&t, "nsshim");
	if (t.cut)
		path[0] = '\0';
}
