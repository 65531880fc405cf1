/* md4c_only FOLDER: parses each Markdown file below a folder and does nothing with it. The limit that
   scripts/compare-claims-speed measures against; it is no part of the product.
   SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int block(MD_BLOCKTYPE type, void* detail, void* sum) {
  (void)type, (void)detail, (void)sum;
  return 0;
}
static int span(MD_SPANTYPE type, void* detail, void* sum) {
  (void)type, (void)detail, (void)sum;
  return 0;
}
static int text(MD_TEXTTYPE type, const MD_CHAR* bytes, MD_SIZE size, void* sum) {
  (void)type, (void)bytes;
  *(size_t*)sum += size;
  return 0;
}

static size_t total;

static int one(const char* path, const struct stat* status, int kind, struct FTW* place) {
  static const MD_PARSER parser = {
      0, MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS, block, block, span, span, text, NULL, NULL};
  const size_t length = strlen(path), size = (size_t)status->st_size;
  (void)place;
  if (kind != FTW_F || length < 3 || strcmp(path + length - 3, ".md") != 0) return 0;
  FILE* file = fopen(path, "rb");
  char* bytes = malloc(size + 1);
  if (file == NULL || bytes == NULL) return 1;
  const size_t got = fread(bytes, 1, size, file);
  md_parse(bytes, (MD_SIZE)got, &parser, &total);
  free(bytes);
  return fclose(file);
}

int main(int count, char** arguments) {
  if (count != 2 || nftw(arguments[1], one, 32, FTW_PHYS) != 0) {
    fprintf(stderr, "md4c_only: name a folder that can be read\n");
    return 2;
  }
  printf("%zu bytes of text\n", total);
  return 0;
}
