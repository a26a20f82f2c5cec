/*
 * All that is written for one machine: x86-64, i386, aarch64, riscv64. With it stand the names of
 * versions.h; everything else is C.
 */
#ifndef SHIM_MACHINE_H
#define SHIM_MACHINE_H

/*
 * machine_call: a system call without libc, whose negated errno it returns.
 *
 * MACHINE_ENTRY(name, function): where the kernel starts a file without ld.so. It calls the
 * function, which never returns, with the stack as the kernel has laid it out.
 *
 * MACHINE_CLONE3: the child of clone3(2) comes back from the kernel with the caller's registers and
 * an empty stack, so it must not come back to C: it calls run(arg) from where it is. Its frames end
 * there.
 */
#define MACHINE_ENTRY_HEAD(name)                                                                   \
	".text\n"                                                                                  \
	".globl " name "\n"                                                                        \
	".hidden " name "\n"                                                                       \
	".type " name ", %function\n" name ":\n\t"

#if defined __x86_64__ && !defined __ILP32__

#define MACHINE_ELF EM_X86_64

static inline long machine_call(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long rc = number;

	__asm__ volatile("syscall"
			 : "+a"(rc)
			 : "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return rc;
}

#define MACHINE_ENTRY(name, function)                                                              \
	MACHINE_ENTRY_HEAD(name)                                                                   \
	"xor %ebp, %ebp\n\t"                                                                       \
	"mov %rsp, %rdi\n\t"                                                                       \
	"and $-16, %rsp\n\t"                                                                       \
	"call " function "\n\t"                                                                    \
	"hlt\n"

static inline long machine_clone3(long number, void *args, long size, void (*run)(void *),
				  void *arg)
{
	register void *r8 __asm__("r8") = arg;
	long rc = number;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%r8, %%rdi\n\t"
			 "call *%%rdx\n\t"
			 "hlt\n"
			 "1:"
			 : "+a"(rc)
			 : "D"(args), "S"(size), "d"(run), "r"(r8)
			 : "rcx", "r11", "cc", "memory");
	return rc;
}

#elif defined __i386__

#define MACHINE_ELF EM_386

static inline long machine_call(long number, long a, long b, long c, long d)
{
	long rc = number;

	__asm__ volatile("int $0x80" : "+a"(rc) : "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
	return rc;
}

#define MACHINE_ENTRY(name, function)                                                              \
	MACHINE_ENTRY_HEAD(name)                                                                   \
	"xor %ebp, %ebp\n\t"                                                                       \
	"mov %esp, %eax\n\t"                                                                       \
	"and $-16, %esp\n\t"                                                                       \
	"sub $12, %esp\n\t"                                                                        \
	"push %eax\n\t"                                                                            \
	"call " function "\n\t"                                                                    \
	"hlt\n"

static inline long machine_clone3(long number, void *args, long size, void (*run)(void *),
				  void *arg)
{
	long rc = number;

	__asm__ volatile("int $0x80\n\t"
			 "test %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "sub $12, %%esp\n\t"
			 "push %%edi\n\t"
			 "call *%%esi\n\t"
			 "hlt\n"
			 "1:"
			 : "+a"(rc)
			 : "b"(args), "c"(size), "S"(run), "D"(arg)
			 : "cc", "memory");
	return rc;
}

#elif defined __aarch64__ && !defined __ILP32__

#define MACHINE_ELF EM_AARCH64

static inline long machine_call(long number, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "cc", "memory");
	return x0;
}

#define MACHINE_ENTRY(name, function)                                                              \
	MACHINE_ENTRY_HEAD(name)                                                                   \
	"mov x29, #0\n\t"                                                                          \
	"mov x30, #0\n\t"                                                                          \
	"mov x0, sp\n\t"                                                                           \
	"bl " function "\n\t"                                                                      \
	"brk #0\n"

static inline long machine_clone3(long number, void *args, long size, void (*run)(void *),
				  void *arg)
{
	register long x8 __asm__("x8") = number;
	register void *x0 __asm__("x0") = args;
	register long x1 __asm__("x1") = size;
	register void (*x2)(void *) __asm__("x2") = run;
	register void *x3 __asm__("x3") = arg;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, #0\n\t"
			 "mov x30, #0\n\t"
			 "mov x0, x3\n\t"
			 "blr x2\n\t"
			 "brk #0\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3)
			 : "cc", "memory");
	return (long)x0;
}

#elif defined __riscv && __riscv_xlen == 64

#define MACHINE_ELF EM_RISCV

static inline long machine_call(long number, long a, long b, long c, long d)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3) : "memory");
	return a0;
}

#define MACHINE_ENTRY(name, function)                                                              \
	MACHINE_ENTRY_HEAD(name)                                                                   \
	"mv s0, zero\n\t"                                                                          \
	"mv a0, sp\n\t"                                                                            \
	"call " function "\n\t"                                                                    \
	"ebreak\n"

static inline long machine_clone3(long number, void *args, long size, void (*run)(void *),
				  void *arg)
{
	register long a7 __asm__("a7") = number;
	register void *a0 __asm__("a0") = args;
	register long a1 __asm__("a1") = size;
	register void (*a2)(void *) __asm__("a2") = run;
	register void *a3 __asm__("a3") = arg;

	__asm__ volatile("ecall\n\t"
			 "bnez a0, 1f\n\t"
			 "mv s0, zero\n\t"
			 "mv a0, a3\n\t"
			 "jalr a2\n\t"
			 "ebreak\n"
			 "1:"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3)
			 : "memory");
	return (long)a0;
}

#else
#error "not written for this machine: see shim/machine.h and shim/versions.h"
#endif

#endif
