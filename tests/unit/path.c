#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/path.h"
#include "tests/unit/check.h"

static char root[PATH_MAX];

/* Both give up, or both give the same. */
static bool as_realpath(const char *below)
{
	char ours[PATH_MAX], theirs[PATH_MAX], path[2 * PATH_MAX];
	char *a, *b;

	snprintf(path, sizeof path, "%s%s", root, below);
	b = realpath(path, theirs);
	a = path_absolute(AT_FDCWD, path, ours) ? path_resolve(ours) : NULL;
	return !a == !b && (!a || !strcmp(a, b));
}

static void resolving(void)
{
	static const char *const paths[] = {
		"",	      "/",	  "/d",	      "/d/e",	  "/d//e///f",
		"/./d/./e",   "/d/..",	  "/d/../d",  "/l",	  "/l/e/f",
		"/abs/e",     "/up/d/e",  "/l/../d",  "/loop",	  "/none",
		"/none/x",    "/chain",	  "/chain/f", "/d/e/f/g", "/../../../..",
		"/d/e/..//.", "/dot",	  "/dot/d/e", "/toroot",  "/up/up/up",
		"/d/e/f",     "/slash/e",
	};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		CHECK(as_realpath(paths[i]), "ROOT%s resolves as realpath(3) does it", paths[i]);
}

static void at_random(void)
{
	static const char *const parts[] = { "/d",  "/e",   "/f",   "/..",    "/.", "/l",
					     "/up", "/dot", "/abs", "/chain", "//", "/none" };
	unsigned wrong = 0;

	for (int i = 0; i < 20000; i++) {
		char path[256] = "";

		for (uint64_t n = check_random() % 9; n; n--)
			strcat(path, parts[check_random() % (sizeof parts / sizeof *parts)]);
		wrong += !as_realpath(path);
	}
	CHECK(!wrong, "20000 random paths resolve as realpath(3) does them");
}

static void absolutely(void)
{
	char buf[PATH_MAX], want[PATH_MAX + 16], far[PATH_MAX];
	int fd = open("d", O_PATH | O_DIRECTORY);

	snprintf(want, sizeof want, "%s/x/../y", root);
	CHECK_SAME(path_absolute(AT_FDCWD, "./x/../y", buf), want,
		   "a relative path is put behind the working directory, its leading ./ gone");
	snprintf(want, sizeof want, "%s/d/x", root);
	CHECK_SAME(path_absolute(fd, "x", buf), want, "or behind the directory of a descriptor");
	snprintf(want, sizeof want, "%s/d", root);
	CHECK_SAME(path_absolute(fd, "", buf), want, "the empty path is that directory itself");
	CHECK_SAME(path_absolute(AT_FDCWD, "/a/./b", buf), "/a/./b",
		   "an absolute one stays as spelled");
	memset(far, 'x', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	CHECK(!path_absolute(AT_FDCWD, far, buf) && errno == ENAMETOOLONG,
	      "one that would not fit PATH_MAX is ENAMETOOLONG");
	close(fd);
}

int main(void)
{
	char name[] = "/tmp/nsshim-path-XXXXXX", clean[64];
	char target[PATH_MAX];

	if (!mkdtemp(name) || !realpath(name, root) || chdir(root))
		return 1;
	snprintf(target, sizeof target, "%.4000s/d", root);
	if (mkdir("d", 0755) || mkdir("d/e", 0755) || close(creat("d/e/f", 0644)) ||
	    symlink("d", "l") || symlink(target, "abs") || symlink("..", "d/up") ||
	    symlink(".", "up") || symlink("loop", "loop") || symlink("l/e", "chain") ||
	    symlink("./.", "dot") || symlink("/", "toroot") || symlink("d/", "slash"))
		return 1;
	resolving();
	at_random();
	absolutely();
	snprintf(clean, sizeof clean, "rm -rf %s", name);
	return chdir("/") || system(clean) || check_end();
}
