#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>

#include "conf/text.h"
#include "shim/actions.h"

/*
 * Tables beside libc's, keyed by an object's address or content, would need no such knowledge of
 * it; they lose objects that programs copy, zero in place of initializing, or make alike.
 */
struct __attribute__((may_alias)) list {
	int allocated, used;
	const struct action *first;
};

/* What the probe adds. Small descriptors, since libc refuses those beyond RLIMIT_NOFILE. */
enum { ONE = 1, TWO = 2, FLAGS = O_CREAT | O_EXCL | O_RDWR, MODE = 0641 };
static const char there[] = "/there";

/*
 * Looked up when they are first needed: to be linked with them would cost each process half a
 * percent of its start, and tie the library to the glibc (2.35) that has the last of them.
 */
static void *libc_function(const char *what)
{
	char name[64];
	struct text t = text_in(name, sizeof name);

	text_str(&t, "posix_spawn_file_actions_");
	text_str(&t, what);
	return dlsym(RTLD_NEXT, name);
}

static const char adders[ACTION_TAGS][16] = {
	[ACTION_CLOSE] = "addclose",
	[ACTION_DUP] = "adddup2",
	[ACTION_OPEN] = "addopen",
	[ACTION_CHDIR] = "addchdir_np",
	[ACTION_FCHDIR] = "addfchdir_np",
	[ACTION_CLOSEFROM] = "addclosefrom_np",
	[ACTION_TCSETPGRP] = "addtcsetpgrp_np",
};

union adder {
	void *found;
	int (*number)(posix_spawn_file_actions_t *, int);
	int (*numbers)(posix_spawn_file_actions_t *, int, int);
	int (*path)(posix_spawn_file_actions_t *, const char *);
	int (*open)(posix_spawn_file_actions_t *, int, const char *, int, mode_t);
};

static int add(union adder adder, posix_spawn_file_actions_t *to, int tag)
{
	switch (tag) {
	case ACTION_DUP:
		return adder.numbers(to, ONE, TWO);
	case ACTION_OPEN:
		return adder.open(to, ONE, there, FLAGS, MODE);
	case ACTION_CHDIR:
		return adder.path(to, there);
	case ACTION_CLOSE:
	case ACTION_CLOSEFROM:
		return adder.number(to, TWO);
	default:
		return adder.number(to, ONE);
	}
}

/* Is it what add() asked for? A path is looked at only once all else is as expected. */
static bool is_added(const struct action *x, int tag)
{
	if (x->tag != tag)
		return false;
	switch (tag) {
	case ACTION_DUP:
		return x->is.dup.fd == ONE && x->is.dup.to == TWO;
	case ACTION_OPEN:
		return x->is.open.fd == ONE && x->is.open.flags == FLAGS &&
		       x->is.open.mode == MODE && x->is.open.path &&
		       !strcmp(x->is.open.path, there);
	case ACTION_CHDIR:
		return x->is.path && !strcmp(x->is.path, there);
	case ACTION_CLOSE:
	case ACTION_CLOSEFROM:
		return x->is.fd == TWO;
	default:
		return x->is.fd == ONE;
	}
}

enum { PROBED = 1 << ACTION_TAGS };

/*
 * PROBED, and a bit for each tag that may be read; 0 where libc would add nothing at the moment
 * (no memory, no descriptors), which tells nothing of its layout.
 */
static unsigned char probe(void)
{
	posix_spawn_file_actions_t object = { 0 }; /* as good as initialized, in every libc */
	const struct list *l = (const struct list *)&object;
	unsigned char known = PROBED;
	int (*destroy)(posix_spawn_file_actions_t *) = libc_function("destroy");
	int n = 0;

	for (int tag = 0; tag < ACTION_TAGS; tag++) {
		union adder adder = { libc_function(adders[tag]) };

		if (!adder.found)
			continue;
		if (add(adder, &object, tag)) {
			known = 0;
			break;
		}
		if (l->used != ++n || l->allocated < n || !l->first ||
		    !is_added(l->first + n - 1, tag)) {
			known = PROBED;
			break;
		}
		known |= (unsigned char)(1 << tag);
	}
	if (destroy)
		destroy(&object);
	return known;
}

/* Kept without a lock, which a forked child could find taken: who asks meanwhile finds the same. */
static unsigned known_tags(void)
{
	static atomic_uchar kept;
	unsigned char known = atomic_load_explicit(&kept, memory_order_relaxed);

	if (!known) {
		known = probe();
		atomic_store_explicit(&kept, known, memory_order_relaxed);
	}
	return known;
}

bool actions_read(struct actions *a, const posix_spawn_file_actions_t *from)
{
	const struct list *l = (const struct list *)from;
	unsigned known;

	a->first = NULL;
	a->count = 0;
	/* In musl too, where a new object's numbers may be anything. */
	if (!l || !l->first)
		return true;
	known = known_tags();
	if (!(known & ~(unsigned)PROBED))
		return false;
	for (int i = 0; i < l->used; i++) {
		unsigned tag = (unsigned)l->first[i].tag;

		if (tag >= ACTION_TAGS || !(known & 1u << tag))
			return false;
	}
	a->first = l->first;
	a->count = l->used;
	return true;
}
