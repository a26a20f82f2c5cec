#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/powers.h"
#include "shim/inner/deed.h"
#include "shim/sys.h"

typedef struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

static int get(sets s)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return (int)syscall(SYS_capget, &head, s);
}

static int set(sets s)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return (int)syscall(SYS_capset, &head, s);
}

static bool has(uint64_t caps, int cap)
{
	return caps >> cap & 1;
}

int deed_no_new_privs(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (!it->number[0] || !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 0;
	return fault_set(f, "prctl", NS_KINDS, "PR_SET_NO_NEW_PRIVS", errno);
}

int privilege_forgo(const struct entry *e, struct fault *f)
{
	const struct item *said = rule_item(e->plan->rule, ITEM_NO_NEW_PRIVS);

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 || sys_capable(CAP_SYS_ADMIN))
		return 0;
	if (said && !said->number[0]) {
		fault_set(f, "filter", NS_KINDS, NULL, EPERM);
		fault_why(f, "needs no_new_privs = yes, or CAP_SYS_ADMIN when the filter is set, "
			     "which is last of all");
		return -1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fault_set(f, "prctl", NS_KINDS, "PR_SET_NO_NEW_PRIVS", errno);
	return 0;
}

int privilege_hold(const struct entry *e, struct fault *f)
{
	const struct rule *rule = e->plan->rule;

	if (!rule_item(rule, ITEM_CAPS) && !rule_item(rule, ITEM_SECUREBITS))
		return 0;
	if (prctl(PR_GET_KEEPCAPS) == 1)
		return 0;
	if (!prctl(PR_SET_KEEPCAPS, 1))
		return 1;
	fault_set(f, "prctl", NS_KINDS, "PR_SET_KEEPCAPS", errno);
	fault_why(f, "the process is locked so that a change of its uid takes its capabilities "
		     "(securebits)");
	return -1;
}

/* The effective ones go with uid 0 in any case. */
int privilege_regain(struct fault *f)
{
	sets s;

	if (prctl(PR_SET_KEEPCAPS, 0))
		return fault_set(f, "prctl", NS_KINDS, "PR_SET_KEEPCAPS", errno);
	if (get(s))
		return fault_set(f, "capget", NS_KINDS, NULL, errno);
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		s[i].effective = s[i].permitted;
	return set(s) ? fault_set(f, "capset", NS_KINDS, NULL, errno) : 0;
}

static uint64_t permitted(sets s)
{
	return s[0].permitted | (uint64_t)s[1].permitted << 32;
}

/*
 * What can never come back: all but these. Nothing, where there is nothing to be taken away. Of a
 * capability that this kernel does not have, which ends them, it says EINVAL twice; all have those
 * up to this one, of Linux 3.16.
 */
static int bound(uint64_t caps, struct fault *f)
{
	for (int cap = 0; cap < 64; cap++) {
		int is = prctl(PR_CAPBSET_READ, cap);

		if (is == 0 || has(caps, cap) || !prctl(PR_CAPBSET_DROP, cap))
			continue;
		if (is < 0 && errno == EINVAL && cap > CAP_AUDIT_READ)
			break;
		fault_set(f, "prctl", NS_KINDS, "PR_CAPBSET_DROP", errno);
		fault_why(f, "needs CAP_SETPCAP, which who enters has in a user namespace of his "
			     "own: user = new");
		return -1;
	}
	return 0;
}

/* Over the exec of an id that is not 0 (capabilities(7), ambient). */
static int make_ambient(uint64_t caps, struct fault *f)
{
	sets s;

	if (get(s))
		return fault_set(f, "capget", NS_KINDS, NULL, errno);
	s[0].inheritable = (uint32_t)caps;
	s[1].inheritable = (uint32_t)(caps >> 32);
	if (set(s)) {
		fault_set(f, "capset", NS_KINDS, NULL, errno);
		if (f->err == EPERM)
			fault_why(f, "they are not in the bounding set of who enters");
		return -1;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return fault_set(f, "prctl", NS_KINDS, "PR_CAP_AMBIENT", errno);
	for (int cap = 0; cap < 64; cap++)
		if (has(caps, cap) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0)) {
			fault_set(f, "prctl", NS_KINDS, "PR_CAP_AMBIENT_RAISE", errno);
			if (f->err == EPERM)
				fault_why(f, "the process is locked so that none is kept "
					     "(securebits no-cap-ambient-raise)");
			return -1;
		}
	return 0;
}

static int set_securebits(const struct item *it, struct fault *f)
{
	int now = prctl(PR_GET_SECUREBITS);
	int bits = now | (int)it->flags;

	if (now == bits || !prctl(PR_SET_SECUREBITS, bits))
		return 0;
	fault_set(f, "prctl", NS_KINDS, "PR_SET_SECUREBITS", errno);
	if (f->err == EPERM)
		fault_why(f, "needs CAP_SETPCAP, and that the bit is not locked; who enters has it "
			     "in a user namespace of his own: user = new");
	return -1;
}

static int not_had(const struct item *it, struct fault *f)
{
	fault_set(f, "capset", NS_KINDS, it->text, EPERM);
	fault_why(f, "who enters does not have all of them himself; in a user namespace of his own "
		     "he has: user = new");
	return -1;
}

/*
 * Those that need CAP_SETPCAP come before it goes: the bounding set, and the securebits, of which
 * one in turn forbids what is ambient to become so.
 */
int deed_caps(struct entry *e, const struct item *it, struct fault *f)
{
	const struct item *bits = rule_item(e->plan->rule, ITEM_SECUREBITS);
	uint64_t named = (uint64_t)it->number[0], caps = named;
	sets s;

	if (get(s))
		return fault_set(f, "capget", NS_KINDS, NULL, errno);
	if (it->flags == CAPS_KEEP)
		caps = permitted(s);
	else if (it->flags == CAPS_BUT)
		caps = permitted(s) & ~named;
	if (caps & ~permitted(s))
		return not_had(it, f);
	if (it->flags != CAPS_KEEP && bound(it->flags == CAPS_BUT ? ~named : named, f))
		return -1;
	if (make_ambient(caps, f) || (bits && set_securebits(bits, f)))
		return -1;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t half = (uint32_t)(caps >> 32 * i);

		s[i].permitted = s[i].effective = s[i].inheritable = half;
	}
	return set(s) ? fault_set(f, "capset", NS_KINDS, it->text, errno) : 0;
}

int deed_securebits(struct entry *e, const struct item *it, struct fault *f)
{
	return rule_item(e->plan->rule, ITEM_CAPS) ? 0 : set_securebits(it, f);
}
