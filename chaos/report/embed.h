/*
 * embed.h - files of their own that are part of the program.
 */
#ifndef CHAOS_REPORT_EMBED_H
#define CHAOS_REPORT_EMBED_H

/* Defines the text `symbol`, which is the file at `path` (from the top). */
#define EMBED(symbol, path)                                                    \
    __asm__(".pushsection .rodata\n"                                           \
            ".global " #symbol "\n" #symbol ":\n"                              \
            ".incbin \"" path "\"\n"                                           \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char symbol[]

#endif
