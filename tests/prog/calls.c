/*
 * calls FOLDER: makes FOLDER by mkdir(2) of each instruction set that the machine has, and takes it
 * away again by rmdir(2); prints a line each: NAME ERRNO, or NAME ok. Those that the kernel was
 * built without fail with ENOSYS, or are not told of.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void tell(const char *name, const char *path, long rc)
{
	printf("%s %s\n", name, rc < 0 ? strerrorname_np((int)-rc) : "ok");
	if (rc == 0)
		rmdir(path);
}

#if defined __x86_64__ && !defined __ILP32__
static sigjmp_buf back;

static void none(int sig)
{
	siglongjmp(back, sig);
}

/* The i386 way, which takes its path below 4 GiB. */
static long i386_mkdir(const char *path)
{
	enum { NR_MKDIR = 39 };
	long rc;

	__asm__ volatile("int $0x80"
			 : "=a"(rc)
			 : "a"(NR_MKDIR), "b"((int)(long)path), "c"(0700)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)rc;
}

static void others(const char *given)
{
	enum { X32 = 0x40000000 };
	char *path = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long rc;

	strncpy(path, given, 4095);
	signal(SIGSEGV, none);
	if (!sigsetjmp(back, 1))
		tell("i386", path, i386_mkdir(path));
	rc = syscall(X32 | SYS_mkdir, path, 0700);
	tell("x32", path, rc < 0 ? -errno : rc);
}
#else
static void others(const char *given)
{
	(void)given;
}
#endif

int main(int argc, char **argv)
{
	long rc;

	if (argc != 2)
		return 71;
	rc = syscall(SYS_mkdirat, -100, argv[1], 0700);
	tell("native", argv[1], rc < 0 ? -errno : rc);
	others(argv[1]);
	return 0;
}
