# What the recipes for schedulers share: sourced by airflow and jupyter-scheduler.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
project=$PWD
python=$(realpath -s "${PYTHON:-.venv/bin/python}")
bin=$(dirname "$python")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export PYTHONPATH= HK_METRICS_REPORTS=$place/product/reports.toml

say() { echo "— $*"; }
failed() {
    tail -40 "$place/log" >&2 2>/dev/null || true
    exit 1
}
# new_environment NAME PACKAGE...: below the place, of the registry's newest.
new_environment() {
    local name=$1 && shift
    "$bin/uv" venv --quiet --python "$python" "$place/$name"
    "$bin/uv" pip install --quiet --python "$place/$name/bin/python" "$@"
}
# holds NOTEBOOK WORDS: it ended well, says this, and its figures are pictures.
holds() {
    "$python" - "$@" <<'LOOK'
import json
import sys

notebook = json.load(open(sys.argv[1], encoding="utf-8"))
outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
wrong = [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
assert not wrong, wrong
pictures = sum("image/png" in o.get("data", {}) for o in outputs)
assert sys.argv[2] in json.dumps(outputs, ensure_ascii=False), sys.argv[2]
assert pictures > 2, pictures
print(f"{sys.argv[1].rpartition('/')[2]}: {len(outputs)} outputs, {pictures} pictures, no warning")
LOOK
}

"$python" -m hk_metrics generate "$place/data" --seed 7 >/dev/null
mkdir -p "$place/product/notebooks"
cp notebooks/report.ipynb "$place/product/notebooks/"
cat >"$place/product/reports.toml" <<TOML
root = "runs"
timezone = "Asia/Kolkata"
[deliveries.share]
kind = "folder"
path = "share"
[reports.weekly]
formats = ["html", "ipynb"]
deliver = ["share"]
[reports.weekly.parameters]
data = "$place/data"
start = "2025-06-02"
end = "2025-06-08"
TOML
