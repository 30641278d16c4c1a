/* SPDX-License-Identifier: MIT */
/*
 * embed.h - embeds files in the program.
 */
#ifndef CHAOS_REPORT_EMBED_H
#define CHAOS_REPORT_EMBED_H

/* Defines the string `symbol` with the content of the file `path`; a relative
 * path begins at the top directory. */
#define EMBED(symbol, path)                                                    \
    __asm__(".pushsection .rodata\n"                                           \
            ".global " #symbol "\n" #symbol ":\n"                              \
            ".incbin \"" path "\"\n"                                           \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char symbol[]

#endif
