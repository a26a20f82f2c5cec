#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "conf/ns.h"
#include "conf/text.h"
#include "shim/caps.h"
#include "shim/command/checkup.h"
#include "shim/command/trial.h"
#include "shim/idtool.h"
#include "shim/subid.h"
#include "shim/sys.h"

void checkup_find(json_t *all, const char *name, enum checkup state, bool root, const char *remedy,
		  const char *format, ...)
{
	static const char states[][6] = {
		[CHECKUP_GOOD] = "good", [CHECKUP_LACKS] = "lacks", [CHECKUP_BAD] = "bad"
	};
	json_t *one = json_object();
	char what[600], command[300];
	va_list more;

	va_start(more, format);
	vsnprintf(what, sizeof what, format, more);
	va_end(more);
	snprintf(command, sizeof command, "%s%s", root && geteuid() ? "sudo " : "",
		 remedy ? remedy : "");
	json_put(one, "name", json_text(name));
	json_put(one, "state", json_text(states[state]));
	json_put(one, "what", json_text(what));
	json_put(one, "remedy", json_text(remedy ? command : NULL));
	json_add(all, one);
}

static void look_at_kernel(json_t *all)
{
	struct utsname u;

	uname(&u);
	checkup_find(all, "kernel", CHECKUP_GOOD, false, NULL, "%s %s", u.sysname, u.release);
}

static void look_at_kinds(json_t *all)
{
	char path[64], there[80] = "", missing[80] = "";

	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		char *to = there;

		snprintf(path, sizeof path, "/proc/self/ns/%.7s", ns_table[k].name);
		if (access(path, F_OK))
			to = missing;
		snprintf(to + strlen(to), 80 - strlen(to), " %.7s", ns_table[k].name);
	}
	if (access("/proc/self", F_OK))
		checkup_find(all, "namespaces", CHECKUP_BAD, true, "mount -t proc proc /proc",
			     "/proc is not mounted: maps are written there, and much is not known");
	else if (missing[0])
		checkup_find(all, "namespaces", CHECKUP_LACKS, false, NULL,
			     "this kernel has no namespaces of%s", missing);
	else
		checkup_find(all, "namespaces", CHECKUP_GOOD, false, NULL, "all kinds:%s", there);
}

static void look_at_limits(json_t *all)
{
	char path[64], value[16], remedy[80];
	bool known = false, good = true;

	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		snprintf(path, sizeof path, "/proc/sys/user/max_%.7s_namespaces", ns_table[k].name);
		if (sys_read_file(path, value, sizeof value) <= 0)
			continue;
		known = true;
		if (strtol(value, NULL, 10) > 0)
			continue;
		good = false;
		snprintf(remedy, sizeof remedy, "sysctl -w user.max_%.7s_namespaces=15000",
			 ns_table[k].name);
		checkup_find(all, "limits", CHECKUP_BAD, true, remedy,
			     "user.max_%.7s_namespaces is 0: none of that kind can be created",
			     ns_table[k].name);
	}
	if (!known)
		checkup_find(all, "limits", CHECKUP_LACKS, false, NULL,
			     "user.max_*_namespaces cannot be read");
	else if (good)
		checkup_find(all, "limits", CHECKUP_GOOD, false, NULL,
			     "user.max_*_namespaces: none is 0");
}

/* A sysctl that some kernels have. wanted: its value. */
static void look_at_sysctl(json_t *all, const char *name, char wanted, const char *path)
{
	char value[16], remedy[100];

	if (sys_read_file(path, value, sizeof value) <= 0)
		return;
	snprintf(remedy, sizeof remedy, "sysctl -w %s=%c", name, wanted);
	if (value[0] == wanted)
		checkup_find(all, "sysctl", CHECKUP_GOOD, false, NULL, "%s is %s", name, value);
	else
		checkup_find(all, "sysctl", geteuid() ? CHECKUP_BAD : CHECKUP_LACKS, true, remedy,
			     "%s is %s: only root creates user namespaces", name, value);
}

static void look_at_seccomp(json_t *all)
{
	int mode = prctl(PR_GET_SECCOMP);

	if (sys_setns(-1, 0) && errno == EPERM)
		checkup_find(all, "seccomp", CHECKUP_BAD, false,
			     "docker run --security-opt seccomp=unconfined",
			     "a filter refuses setns, as a container's does: start that with "
			     "another one");
	else
		checkup_find(all, "seccomp", CHECKUP_GOOD, false, NULL,
			     mode == 2 ? "there is a filter, which allows setns"
				       : "there is no filter");
}

static void look_at_powers(json_t *all)
{
	bool none = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;

	checkup_find(
		all, "capabilities", CHECKUP_GOOD, false, NULL,
		caps_have(CAP_SYS_ADMIN)
			? "CAP_SYS_ADMIN is there: no user namespace is needed to create others"
			: "CAP_SYS_ADMIN is not there: a user namespace is created first");
	if (none)
		checkup_find(all, "no_new_privs", CHECKUP_LACKS, false, NULL,
			     "it is set: newuidmap, sudo and the like have no power below this "
			     "process");
	else
		checkup_find(all, "no_new_privs", CHECKUP_GOOD, false, NULL, "it is not set");
}

static void look_at_user(json_t *all)
{
	struct fault f;

	if (trial_user(&f))
		checkup_find(all, "user", geteuid() ? CHECKUP_BAD : CHECKUP_LACKS, false, NULL,
			     "a user namespace cannot be created: %s: %s", strerror(f.err), f.why);
	else
		checkup_find(all, "user", CHECKUP_GOOD, false, NULL,
			     "a user namespace can be created");
}

/* file: /etc/subuid or /etc/subgid; option: of usermod(8). */
static void look_at_ranges(json_t *all, const char *name, const char *file, const char *option)
{
	static struct subid ids;
	char remedy[160];
	struct fault f;

	if (subid_load(&ids, file, &f)) {
		checkup_find(all, name, CHECKUP_LACKS, false, NULL, "%s: %s: %s", file,
			     strerror(f.err), f.why);
	} else if (ids.ranges) {
		checkup_find(all, name, CHECKUP_GOOD, false, NULL,
			     "%s gives %s %llu ids from %llu on", file, ids.owner,
			     (unsigned long long)ids.range[0].count,
			     (unsigned long long)ids.range[0].start);
	} else {
		snprintf(remedy, sizeof remedy, "usermod %s 100000-165535 %s", option, ids.owner);
		checkup_find(all, name, CHECKUP_LACKS, true, remedy,
			     "%s gives %s no range: %s = auto and maps of others' ids need one",
			     file, ids.owner, !strcmp(name, "subuid") ? "uid_map" : "gid_map");
	}
}

static void look_at_tool(json_t *all, const char *tool, int cap)
{
	struct fault f;
	char remedy[260];

	if (!idtool_check(tool, cap, &f)) {
		checkup_find(all, tool, CHECKUP_GOOD, false, NULL,
			     "it is installed, and has its power");
		return;
	}
	snprintf(remedy, sizeof remedy, "chmod u+s %s", f.path);
	checkup_find(all, tool, CHECKUP_LACKS, true,
		     f.err == ENOENT	      ? "apt-get install uidmap"
		     : strstr(f.why, "chmod") ? remedy
					      : NULL,
		     "%s", f.why);
}

static void look_at_cgroup(json_t *all)
{
	char own[4096], path[4200];
	FILE *file = fopen("/proc/self/cgroup", "re");
	bool found = false;

	while (file && !found && fgets(own, sizeof own, file))
		found = !strncmp(own, "0::", 3);
	if (file)
		fclose(file);
	if (!found || access("/sys/fs/cgroup/cgroup.controllers", F_OK)) {
		checkup_find(all, "cgroup", CHECKUP_LACKS, false, NULL,
			     "there are no cgroups of version 2 at /sys/fs/cgroup: no cgroup_join");
		return;
	}
	own[strcspn(own, "\n")] = '\0';
	snprintf(path, sizeof path, "/sys/fs/cgroup%s", own + 3);
	if (!access(path, W_OK))
		checkup_find(all, "cgroup", CHECKUP_GOOD, false, NULL, "%.300s is one's own", path);
	else
		checkup_find(all, "cgroup", CHECKUP_LACKS, false,
			     "systemd-run --user --scope -p Delegate=yes $SHELL",
			     "%.300s is not delegated: cgroup_join needs one that is", path);
}

static void look_at_landlock(json_t *all)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi > 0)
		checkup_find(all, "landlock", CHECKUP_GOOD, false, NULL, "version %ld", abi);
	else
		checkup_find(all, "landlock", CHECKUP_LACKS, false, NULL,
			     "%s: landlock_ro and landlock_rw need Linux 5.13, and `landlock` in "
			     "the kernel's lsm=",
			     strerror(errno));
}

void checkup(json_t *all)
{
	look_at_kernel(all);
	look_at_kinds(all);
	look_at_limits(all);
	look_at_sysctl(all, "kernel.unprivileged_userns_clone", '1',
		       "/proc/sys/kernel/unprivileged_userns_clone");
	look_at_sysctl(all, "kernel.apparmor_restrict_unprivileged_userns", '0',
		       "/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
	look_at_seccomp(all);
	look_at_powers(all);
	look_at_user(all);
	look_at_ranges(all, "subuid", "/etc/subuid", "--add-subuids");
	look_at_ranges(all, "subgid", "/etc/subgid", "--add-subgids");
	look_at_tool(all, "newuidmap", CAP_SETUID);
	look_at_tool(all, "newgidmap", CAP_SETGID);
	look_at_cgroup(all);
	look_at_landlock(all);
}
