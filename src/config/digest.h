/* SHA-256 over files: their names and bytes, each with its length, in the order given. */
#ifndef ROLEGATE_DIGEST_H
#define ROLEGATE_DIGEST_H

#include <stddef.h>

struct digest {
	void *context; /* EVP_MD_CTX; NULL: failed */
};

void digest_begin(struct digest *digest);
/* Bytes alone, without their length: what sha256sum(1) says of a file. */
void digest_bytes(struct digest *digest, const char *bytes, size_t length);
void digest_file(struct digest *digest, const char *name, const char *bytes, size_t length);
/* Writes 64 hexadecimal digits and a NUL; 0, or -1 if any step failed. Ends `digest`. */
int digest_end(struct digest *digest, char text[65]);

#endif
