/* Ways out by sockets. The tests listen; what comes is the name of the run, and they mark it. */
#define _GNU_SOURCE
#include "attacker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int say(int fd, const void *address, socklen_t length)
{
	if (fd < 0 || connect(fd, address, length) != 0)
		return -1;
	return write(fd, run_name, strlen(run_name)) > 0 ? 0 : -1;
}

/* "@name" is an abstract address. */
static int attack_unix(const char *target)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(target);

	memcpy(address.sun_path, target, length);
	if (*target == '@')
		address.sun_path[0] = '\0';
	return say(socket(AF_UNIX, SOCK_STREAM, 0), &address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
}

static int inet(const char *target, int type)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atol(target))};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return say(socket(AF_INET, type, 0), &address, sizeof(address));
}

static int attack_tcp(const char *target)
{
	return inet(target, SOCK_STREAM);
}

static int attack_udp(const char *target)
{
	return inet(target, SOCK_DGRAM);
}

/* socketcall(2) is the 32-bit way to every one of them: SYS_SOCKET is 1. */
static int attack_socketcall(const char *target)
{
	uint32_t *low = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atol(target))};
	long result = 102;

	if (low == MAP_FAILED)
		return -1;
	low[0] = AF_INET;
	low[1] = SOCK_STREAM;
	low[2] = 0;
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(1L), "c"(low)
			 : "memory", "r8", "r9", "r10", "r11");
	errno = result < 0 ? (int)-result : 0;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return say((int)result, &address, sizeof(address));
}

/* Any family at all. */
static int attack_families(const char *target)
{
	(void)target;
	for (int family = 0; family < 50; family++)
		for (int type = 1; type < 6; type++)
			if (socket(family, type, 0) >= 0)
				return write(1, "socket\n", 7) == 7 ? 0 : -1;
	return -1;
}

/* Any but those that a program needs to talk to services of its host. */
static int attack_far_families(const char *target)
{
	(void)target;
	for (int family = 0; family < 50; family++)
		for (int type = 1; type < 6; type++)
			if (family != AF_UNIX && family != AF_NETLINK &&
				socket(family, type, 0) >= 0)
				return write(1, "socket\n", 7) == 7 ? 0 : -1;
	return -1;
}

const struct mode network_modes[] = {
	{"unix", attack_unix},
	{"tcp", attack_tcp},
	{"udp", attack_udp},
	{"socketcall", attack_socketcall},
	{"families", attack_families},
	{"far-families", attack_far_families},
	{NULL, NULL},
};
