#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "shim/command/import/list.h"
#include "shim/command/import/unit/rule.h"
#include "shim/compiler.h"

/* The sets of systemd.exec(5) by which things are denied; what else it has is for lists of what is allowed. */
static const struct set {
	char name[16];
	char calls[336];
} sets[] = {
	{ "@aio", "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup "
		  "io_submit io_uring_enter io_uring_register io_uring_setup" },
	{ "@chown", "chown chown32 fchown fchown32 fchownat lchown lchown32" },
	{ "@clock", "adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 "
		    "settimeofday" },
	{ "@cpu-emulation", "modify_ldt subpage_prot switch_endian vm86 vm86old" },
	{ "@debug", "lookup_dcookie perf_event_open pidfd_getfd ptrace rtas "
		    "s390_runtime_instr sys_debug_setcontext" },
	{ "@keyring", "add_key keyctl request_key" },
	{ "@memlock", "mlock mlock2 mlockall munlock munlockall" },
	{ "@module", "delete_module finit_module init_module" },
	{ "@mount", "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount "
		    "open_tree pivot_root umount umount2" },
	{ "@obsolete", "_sysctl afs_syscall bdflush break create_module ftime get_kernel_syms "
		       "getpmsg gtty idle lock mpx prof profil putpmsg query_module security "
		       "sgetmask ssetmask stime stty sysfs tuxcall ulimit uselib ustat vserver" },
	{ "@pkey", "pkey_alloc pkey_free pkey_mprotect" },
	{ "@privileged",
	  "@chown @clock @module @raw-io @reboot @swap _sysctl acct bpf capset chroot "
	  "fanotify_init fanotify_mark nfsservctl open_by_handle_at pivot_root quotactl "
	  "quotactl_fd setdomainname setfsuid setfsuid32 setgroups setgroups32 sethostname "
	  "setresuid setresuid32 setreuid setreuid32 setuid setuid32 vhangup" },
	{ "@raw-io", "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write "
		     "s390_pci_mmio_read s390_pci_mmio_write" },
	{ "@reboot", "kexec_file_load kexec_load reboot" },
	{ "@resources", "ioprio_set mbind migrate_pages move_pages nice sched_setaffinity "
			"sched_setattr sched_setparam sched_setscheduler set_mempolicy "
			"set_mempolicy_home_node setpriority setrlimit" },
	{ "@setuid", "setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid "
		     "setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32" },
	{ "@swap", "swapoff swapon" },
};

enum { CALL = 32, CALLS = 512 };

struct calls {
	struct unit *u;
	char (*name)[CALL];
	unsigned count;
	bool filter; /* of them some are what SystemCallFilter denies */
};

static void add(struct calls *c, const char *name)
{
	for (unsigned i = 0; i < c->count; i++)
		if (!strcmp(c->name[i], name))
			return;
	if (c->count < CALLS)
		snprintf(c->name[c->count++], CALL, "%s", name);
}

static void take_away(struct calls *c, const char *name)
{
	for (unsigned i = 0; i < c->count; i++)
		if (!strcmp(c->name[i], name))
			memmove(c->name[i], c->name[--c->count], CALL);
}

/* A call, or a set of them; of a set those that this libseccomp has. False: neither is known. */
static bool change(struct calls *c, const char *name, void (*how)(struct calls *, const char *))
{
	char calls[sizeof sets->calls], *next = NULL;

	if (name[0] != '@') {
		if (!compiler_knows(name))
			return false;
		how(c, name);
		return true;
	}
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		if (strcmp(sets[i].name, name) != 0)
			continue;
		memcpy(calls, sets[i].calls, sizeof calls);
		for (char *one = strtok_r(calls, " ", &next); one; one = strtok_r(NULL, " ", &next))
			change(c, one, how);
		return true;
	}
	return false;
}

/* NAME, @SET, and after a colon what denies it: EPERM is what a rule can say. */
static void take_word(struct calls *c, const struct unit_line *l, const char *word, bool deny)
{
	char *name = (char *)unit_print(c->u, "%s", word), *how = strchr(name, ':');

	if (how)
		*how++ = '\0';
	if (how && strcmp(how, "EPERM") != 0 && deny)
		unit_lost(c->u, l, unit_print(c->u, "%s fails with EPERM", name));
	if (change(c, name, deny ? add : take_away))
		c->filter |= deny && !how;
	else
		unit_lost(c->u, l, unit_print(c->u, "%s is not known here", name));
}

/* The first line decides whether it names what is allowed, or what is not. */
static void take_filter(struct calls *c)
{
	const struct unit_line *l = NULL, *number;
	const char *at, *word;
	bool allows = false, first = true;

	while ((l = unit_next(c->u, "SystemCallFilter", l))) {
		bool deny = l->value[0] == '~';

		if (first && (allows = !deny))
			unit_lost(c->u, l,
				  "calls that are allowed, all else denied: compile it, for "
				  "`seccomp = FILE`");
		first = false;
		if (allows && !deny)
			continue;
		for (at = l->value + deny; unit_word(c->u, l, &at, &word);)
			take_word(c, l, word, deny);
	}
	number = unit_last(c->u, "SystemCallErrorNumber");
	if (number && strcmp(number->value, "EPERM") != 0)
		unit_lost(c->u, number, "what is denied fails with EPERM");
	else if (!number && c->filter && !allows)
		unit_lost(c->u, unit_last(c->u, "SystemCallFilter"),
			  "that it ends the program: what is denied fails with EPERM");
}

enum { FAMILIES = 64 };

static int family(const char *word)
{
	static const char names[AF_MAX][11] = {
		[AF_UNIX] = "UNIX",
		[AF_INET] = "INET",
		[AF_AX25] = "AX25",
		[AF_IPX] = "IPX",
		[AF_APPLETALK] = "APPLETALK",
		[AF_NETROM] = "NETROM",
		[AF_BRIDGE] = "BRIDGE",
		[AF_ATMPVC] = "ATMPVC",
		[AF_X25] = "X25",
		[AF_INET6] = "INET6",
		[AF_ROSE] = "ROSE",
		[AF_KEY] = "KEY",
		[AF_NETLINK] = "NETLINK",
		[AF_PACKET] = "PACKET",
		[AF_ECONET] = "ECONET",
		[AF_ATMSVC] = "ATMSVC",
		[AF_RDS] = "RDS",
		[AF_IRDA] = "IRDA",
		[AF_PPPOX] = "PPPOX",
		[AF_LLC] = "LLC",
		[AF_IB] = "IB",
		[AF_MPLS] = "MPLS",
		[AF_CAN] = "CAN",
		[AF_TIPC] = "TIPC",
		[AF_BLUETOOTH] = "BLUETOOTH",
		[AF_IUCV] = "IUCV",
		[AF_RXRPC] = "RXRPC",
		[AF_ISDN] = "ISDN",
		[AF_PHONET] = "PHONET",
		[AF_IEEE802154] = "IEEE802154",
		[AF_CAIF] = "CAIF",
		[AF_ALG] = "ALG",
		[AF_NFC] = "NFC",
		[AF_VSOCK] = "VSOCK",
		[AF_KCM] = "KCM",
		[AF_QIPCRTR] = "QIPCRTR",
		[AF_SMC] = "SMC",
		[AF_XDP] = "XDP",
	};

	if (!strcmp(word, "AF_LOCAL"))
		return AF_UNIX;
	return strncmp(word, "AF_", 3) != 0 || !word[3] ? -1 : words_find(WORDS(names), word + 3);
}

/* Of i386's socketcall(2) a filter does not see the family. */
static void take_families(struct calls *c)
{
	const struct unit_line *l = NULL;
	const char *at, *word;
	unsigned long long denied = 0;
	bool first = true;

	while ((l = unit_next(c->u, "RestrictAddressFamilies", l))) {
		bool deny = l->value[0] == '~';

		if (first && !deny)
			denied = ~0ull;
		first = false;
		for (at = l->value + deny; unit_word(c->u, l, &at, &word);) {
			int n = family(word);

			if (n >= 0)
				denied = deny ? denied | 1ull << n : denied & ~(1ull << n);
			else if (strcmp(word, "none") != 0)
				unit_lost(c->u, l, unit_print(c->u, "%s is not known here", word));
		}
	}
	if (denied)
		add(c, "socketcall");
	for (int i = 0; i < FAMILIES; i++)
		if (denied >> i & 1)
			add(c, unit_print(c->u, "socket:%d", i));
}

/*
 * In a user namespace that is the unit's own there are to be none of a kind; elsewhere a filter would
 * have to look at single flags, which `seccomp` has no words for.
 */
static void take_namespaces(struct calls *c, bool own)
{
	static const char kinds[][7] = { "cgroup", "ipc", "mnt", "net", "pid", "user", "uts" };
	const struct unit_line *l = NULL, *last = NULL;
	const char *at, *word;
	unsigned denied = 0, all = (1u << sizeof kinds / sizeof *kinds) - 1;

	while ((l = unit_next(c->u, "RestrictNamespaces", l))) {
		bool deny = l->value[0] == '~';
		int whole = unit_boolean(l->value);

		if (whole >= 0 || (!last && !deny))
			denied = whole == 0 ? 0 : all;
		last = l;
		for (at = l->value + deny; whole < 0 && unit_word(c->u, l, &at, &word);) {
			int n = words_find(WORDS(kinds), word);

			if (n < 0)
				unit_lost(c->u, l, unit_print(c->u, "%s is no kind", word));
			else
				denied = deny ? denied | 1u << n : denied & ~(1u << n);
		}
	}
	for (unsigned i = 0; own && i < sizeof kinds / sizeof *kinds; i++)
		if (denied >> i & 1)
			written_line(c->u->w, "sysctl", "user.max_%s_namespaces 0", kinds[i]);
	if (!denied || own)
		return;
	if (denied == all) {
		add(c, "unshare");
		add(c, "setns");
	}
	unit_lost(c->u, last,
		  denied == all ? "clone(2) can still create them: with PrivateUsers=yes it cannot"
				: "these kinds alone: with PrivateUsers=yes they have a key");
}

static void put(struct calls *c)
{
	enum { ROOM = 160 };
	char line[ROOM + CALL + 1] = "";

	for (unsigned i = 0; i < c->count; i++) {
		list_add(line, sizeof line, c->name[i]);
		if (strlen(line) < ROOM && i + 1 < c->count)
			continue;
		written_line(c->u->w, "seccomp", "deny %s", line);
		line[0] = '\0';
	}
}

void import_unit_calls(struct unit *u)
{
	static const struct {
		char key[22], calls[14];
	} implied[] = {
		{ "PrivateDevices", "@raw-io" },       { "ProtectClock", "@clock" },
		{ "ProtectHostname", "sethostname" },  { "ProtectHostname", "setdomainname" },
		{ "ProtectKernelModules", "@module" }, { "ProtectKernelLogs", "syslog" },
		{ "LockPersonality", "personality" },
	};
	struct calls c = { .u = u, .name = malloc(CALLS * CALL) };

	if (!c.name)
		abort();
	for (size_t i = 0; i < sizeof implied / sizeof *implied; i++)
		if (unit_yes(u, implied[i].key))
			change(&c, implied[i].calls, add);
	take_families(&c);
	take_namespaces(&c, u->own || unit_yes(u, "PrivateUsers"));
	take_filter(&c);
	u->w->file = NULL;
	put(&c);
	free(c.name);
}
