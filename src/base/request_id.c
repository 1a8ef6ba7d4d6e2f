#include "base/request_id.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

int request_id_new(struct request_id *id)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[16];

	*id = (struct request_id){ "" };
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
		errno = errno == 0 ? EIO : errno;
		return -1;
	}
	for (size_t i = 0; i < sizeof(bytes); i++) {
		id->text[2 * i] = digits[bytes[i] >> 4];
		id->text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return 0;
}

bool request_id_is_valid(const char *text)
{
	return strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}
