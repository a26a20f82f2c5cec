#define _GNU_SOURCE
#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/sys.h"

/* On 32-bit machines the unnumbered calls have 16-bit ids (setgroups(2)). */
#ifdef SYS_setgroups32
#define SYS_SETGROUPS SYS_setgroups32
#define SYS_GETGROUPS SYS_getgroups32
#else
#define SYS_SETGROUPS SYS_setgroups
#define SYS_GETGROUPS SYS_getgroups
#endif

static int failed(const char *call, const struct item *it, const char *map, const char *cap,
		  struct fault *f)
{
	fault_set(f, call, NS_KINDS, it->text, errno);
	if (f->err == EINVAL) {
		fault_why(f, "an id that has no mapping inside: a ");
		fault_why(f, map);
		fault_why(f, " that holds it");
	} else if (f->err == EPERM) {
		fault_why(f, "needs ");
		fault_why(f, cap);
		fault_why(f, " inside, which who enters has in a user namespace of his own: "
			     "user = new");
	}
	return -1;
}

/* The kernel denies it with a gid map that its own process wrote (user_namespaces(7)). */
static bool is_denied(void)
{
	char word[8];

	return sys_read_file("/proc/self/setgroups", word, sizeof word) > 0 && word[0] == 'd';
}

int deed_groups(struct entry *e, const struct item *it, struct fault *f)
{
	size_t count = it->size / sizeof(uint32_t);

	(void)e;
	/* Who has none need not be allowed to have none. */
	if ((!count && !syscall(SYS_GETGROUPS, 0, NULL)) ||
	    !syscall(SYS_SETGROUPS, count, it->data))
		return 0;
	failed("setgroups", it, "gid_map", "CAP_SETGID", f);
	if (f->err != EPERM || !is_denied())
		return -1;
	f->why[0] = '\0';
	fault_why(f,
		  "setgroups is denied in this user namespace: setgroups = allow, with a gid_map "
		  "of ranges (gid_map = auto)");
	return -1;
}

/*
 * A change of ids makes the memory undumpable, which
 * an exec undoes; where none follows, entry_show() does at the load door, whose program has nothing
 * in its memory yet but what an exec would have given it.
 */
static void note_dumpable(struct entry *e)
{
	if (e->dumpable < 0)
		e->dumpable = prctl(PR_GET_DUMPABLE);
}

int deed_gid(struct entry *e, const struct item *it, struct fault *f)
{
	gid_t gid = (gid_t)it->number[0];

	note_dumpable(e);
	if (sys_setresgid(gid, gid, gid))
		return failed("setresgid", it, "gid_map", "CAP_SETGID", f);
	return deed_mortal(e, f);
}

int deed_uid(struct entry *e, const struct item *it, struct fault *f)
{
	uid_t uid = (uid_t)it->number[0];
	int held = privilege_hold(e, f);

	if (held < 0)
		return -1;
	note_dumpable(e);
	if (sys_setresuid(uid, uid, uid))
		return failed("setresuid", it, "uid_map", "CAP_SETUID", f);
	if (deed_mortal(e, f))
		return -1;
	return held ? privilege_regain(f) : 0;
}
