/* The gate: confine/filter.h says what it is for. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "confine/filter_parts.h"
#include "confine/system_calls.h"

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* One of the next `count` instructions is left out if it is not so. */
#define IF(condition, value, count) BPF_JUMP(BPF_JMP | (condition) | BPF_K, value, 0, count)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)
/* Half 0 or 1 of an argument, in the order of memory. */
#define HALF(argument, half)                                                                       \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                                         \
		offsetof(struct seccomp_data, args[argument]) + (half) * sizeof(uint32_t))

static void add(struct sock_filter *program, size_t *length, struct sock_filter instruction)
{
	program[(*length)++] = instruction;
}

/* The differences of both halves in one test: how long it takes says nothing of either. */
static void add_key(struct sock_filter *gate, size_t *length, uint32_t unknown)
{
	const struct sock_filter test[] = {HALF(FILTER_KEY_ARGUMENT, 0), FILTER_KEY_HALF,
		BPF_STMT(BPF_ST, 0), HALF(FILTER_KEY_ARGUMENT, 1), FILTER_KEY_HALF,
		BPF_STMT(BPF_LDX | BPF_W | BPF_MEM, 0), BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), ANSWER(unknown)};
	const size_t count = sizeof(test) / sizeof(*test);

	add(gate, length,
		(struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, (uint8_t)count));
	for (size_t i = 0; i < count; i++)
		add(gate, length, test[i]);
}

/* Its flags lie in memory, so that it is all or nothing. */
static bool denies_clone3(const struct restriction *restriction)
{
	return (restriction->has[RESTRICT_EXECUTE] && restriction->execute == EXECUTE_LISTED) ||
	       (restriction->has[RESTRICT_SYSTEM_CALLS] &&
		       strings_contain(&restriction->denied_calls, "clone3"));
}

/* Written by hand, as the library has no rule for "all above". Other architectures fail the filter.
 */
void filter_make_gate(struct arena *arena, struct confinement *confinement)
{
	enum { FOREIGN_BIT = 0x40000000 /* x32 */ };
	const struct restriction *restriction = &confinement->restriction;
	struct sock_filter *gate = arena_array(arena, FILTER_GATE_MAX, sizeof(*gate));
	const uint32_t pass = SECCOMP_RET_ALLOW, unknown = SECCOMP_RET_ERRNO | ENOSYS;
	size_t length = 0;

	add(gate, &length, (struct sock_filter)LOAD(arch));
	add(gate, &length,
		(struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, seccomp_arch_native(), 1, 0));
	add(gate, &length, (struct sock_filter)ANSWER(pass));
	add(gate, &length, (struct sock_filter)LOAD(nr));
	add(gate, &length, (struct sock_filter)IF(BPF_JGE, FOREIGN_BIT, 1));
	add(gate, &length, (struct sock_filter)ANSWER(pass));
	add(gate, &length, (struct sock_filter)IF(BPF_JGT, (uint32_t)system_call_highest(), 1));
	add(gate, &length, (struct sock_filter)ANSWER(unknown));
	if (denies_clone3(restriction)) {
		add(gate, &length, (struct sock_filter)IF(BPF_JEQ, SYS_clone3, 1));
		add(gate, &length, (struct sock_filter)ANSWER(unknown));
	}
	if (filter_is_exec_once(restriction))
		add_key(gate, &length, unknown);
	add(gate, &length, (struct sock_filter)ANSWER(pass));
	confinement->gate = gate;
	confinement->gate_length = length;
}
