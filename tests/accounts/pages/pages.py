"""What these tests share."""

NEW = {
    "username": "chenbanshi",
    "full_name": "陈办事",
    "password1": "yingying-lvzhou-26",
    "password2": "yingying-lvzhou-26",
}


def text(response):
    return response.content.decode()
