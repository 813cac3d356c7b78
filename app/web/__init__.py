"""The web client: static files, no build step, nothing from elsewhere, and only the public API.

index.html          the page, which paints before any script runs
css/                tokens (colours, type, space) · layout (where things are) · controls ·
                    conversation · windows
js/main.js          begins; its first lines are the map of the modules
files.py            what there is, as it is sent, with its hash
router.py           the front door, and the files
"""
