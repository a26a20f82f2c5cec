#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "conf/ns.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* Linux 5.6 */
#endif

const struct ns_type ns_table[NS_KINDS] = {
	[NS_USER] = { "user", CLONE_NEWUSER },	     [NS_MNT] = { "mnt", CLONE_NEWNS },
	[NS_PID] = { "pid", CLONE_NEWPID },	     [NS_NET] = { "net", CLONE_NEWNET },
	[NS_IPC] = { "ipc", CLONE_NEWIPC },	     [NS_UTS] = { "uts", CLONE_NEWUTS },
	[NS_CGROUP] = { "cgroup", CLONE_NEWCGROUP }, [NS_TIME] = { "time", CLONE_NEWTIME },
};

enum ns_kind ns_find(const char *name, size_t len)
{
	enum ns_kind k;

	for (k = 0; k < NS_KINDS; k++)
		if (ns_table[k].name[0] == name[0] && !strncmp(ns_table[k].name, name, len) &&
		    !ns_table[k].name[len])
			break;
	return k;
}
