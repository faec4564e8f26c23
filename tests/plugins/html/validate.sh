#!/usr/bin/env bash
# Build the example reports and have their pages judged by html-validate and by the Nu checker (needs npm and Java):
#   bash tests/plugins/html/validate.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" html-validate@10.9.0 vnu-jar@26.9.27

pages=()
for example in luolong-2020 example-2023 example-2024 website-2024 rule-of-law-2024; do
  baogao build "examples/$example" -o "$folder/$example" --to docx --to html >/dev/null 2>&1
  pages+=("$folder/$example"/*.html)
done
cp -r examples/luolong-2020 "$folder/wrong"
echo '无,此项内容。' >"$folder/wrong/others.md"
baogao build "$folder/wrong" -o "$folder/annotated" --to html --annotate >/dev/null 2>&1 || true
pages+=("$folder/annotated"/*-批注.html)

"$folder/node_modules/.bin/html-validate" --preset standard "${pages[@]}"
java -jar "$folder/node_modules/vnu-jar/build/dist/vnu.jar" --Werror "${pages[@]}"
echo "${#pages[@]} pages, nothing to mend"
