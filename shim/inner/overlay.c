#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/inner/deed.h"
#include "shim/inner/mount.h"
#include "shim/scratch.h"
#include "shim/sys.h"
#include "shim/inner/system.h"

/* A path as overlayfs reads it: a backslash, and where there may be several a colon, is marked. */
static int option_path(int fs, const char *key, const char *path, bool several)
{
	char *buf = scratch_path(SCRATCH_FILES);
	struct text t;

	if (!buf) {
		errno = ENOMEM;
		return -1;
	}
	t = text_in(buf, PATH_MAX);
	for (; *path; path++) {
		if (*path == '\\' || (several && *path == ':'))
			text_str(&t, "\\");
		text_bytes(&t, path, 1);
	}
	if (!t.cut)
		return mount_option(fs, key, buf);
	errno = ENAMETOOLONG;
	return -1;
}

/*
 * All layers in one option, in which colons part them, since the key that adds one is Linux 6.7's.
 * fsconfig(2) takes 255 bytes of text: more layers go by that.
 */
static int option_lower(int fs, const struct item *it)
{
	const char *at = it->word[0];
	char all[256];
	struct text t = text_in(all, sizeof all);

	for (int64_t i = 0; i < it->number[1]; i++, at += strlen(at) + 1) {
		text_str(&t, i ? ":" : "");
		for (const char *c = at; *c; c++) {
			text_str(&t, *c == '\\' ? "\\" : "");
			text_bytes(&t, c, 1);
		}
	}
	if (!t.cut)
		return mount_option(fs, "lowerdir", all);
	at = it->word[0];
	for (int64_t i = 0; i < it->number[1]; i++, at += strlen(at) + 1)
		if (mount_option(fs, "lowerdir+", at))
			return -1;
	return 0;
}

static int overlay_failed(int fs, const char *op, const struct item *it, struct fault *f)
{
	fault_set(f, op, NS_MNT, it->word[0], errno);
	if (fs >= 0)
		sys_close(fs);
	if (f->err == ENODEV)
		fault_why(f, "this kernel has no overlay file system");
	else if (f->err == EPERM)
		fault_why(f, "in a user namespace it needs Linux 5.11");
	else if (f->err == ENOENT)
		fault_why(f, "one of its folders is not there");
	else if (f->err == EINVAL)
		fault_why(f,
			  "the kernel does not take these folders: UPPER and WORK are two of one "
			  "file system, no overlay themselves; in a user namespace nothing is "
			  "mounted below a LOWER; longer paths than 255 bytes need Linux 6.7");
	return mount_why(f);
}

/* Upper and work: those of the rule, or, where there are none, new ones in the stash. */
static int option_upper(struct entry *e, int fs, const struct item *it)
{
	char name[12], upper[24], work[24];
	struct text t = text_in(upper, sizeof upper);
	struct stat lower;

	if (it->op == ITEM_OVERLAY)
		return option_path(fs, "upperdir", it->word[1], false) ||
		       option_path(fs, "workdir", it->word[2], false);
	files_name(&e->files, name);
	text_str(&t, name);
	text_str(&t, ".upper");
	t = text_in(work, sizeof work);
	text_str(&t, name);
	text_str(&t, ".work");
	/* Its root folder looks as the uppermost one. */
	if (stat(it->word[0], &lower) || fchdir(e->files.stash) ||
	    files_make(e->files.stash, upper, S_IFDIR | (lower.st_mode & 07777)) ||
	    files_make(e->files.stash, work, S_IFDIR | 0700))
		return -1;
	return mount_option(fs, "upperdir", upper) || mount_option(fs, "workdir", work);
}

int deed_overlay(struct entry *e, const struct item *it, struct fault *f)
{
	bool tmp = it->op == ITEM_OVERLAY_TMP;
	int fs, fd;

	if (tmp && files_stash(&e->files, f))
		return -1;
	fs = mount_open("overlay");
	if (fs < 0)
		return overlay_failed(-1, "fsopen", it, f);
	/* The attributes that it keeps for itself are else of a kind that only the host's root may
	   write. */
	if (option_lower(fs, it) || option_upper(e, fs, it) ||
	    (e->plan->leaves & CLONE_NEWUSER && mount_option(fs, "userxattr", NULL)))
		return overlay_failed(fs, "fsconfig", it, f);
	fd = mount_make(fs, MOUNT_BIT_NOSUID | MOUNT_BIT_NODEV);
	if (fd < 0)
		return overlay_failed(-1, "fsmount", it, f);
	if (system_attach(&e->files, fd, it->word[tmp ? 1 : 3], f))
		return -1;
	sys_close(fd);
	return 0;
}
