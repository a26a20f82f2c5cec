#include <ctype.h>
#include <sys/capability.h>

#include "conf/text.h"
#include "shim/caps.h"

bool caps_have(int cap)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t own = cap_get_proc();

	if (!own)
		return false;
	if (cap_get_flag(own, cap, CAP_EFFECTIVE, &value))
		value = CAP_CLEAR;
	cap_free(own);
	return value == CAP_SET;
}

const char *caps_name(int cap, char *buf, size_t size)
{
	char *name = cap_to_name(cap);

	text_copy(buf, size, name ? name : "a capability");
	cap_free(name);
	for (char *c = buf; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return buf;
}
