"""What a password must not be: Django's own tests, in this site's words (not all of Django's are translated)."""

from django.contrib.auth import password_validation as stock


class Similarity(stock.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "密码和登录名、姓名或邮箱太像，换一个"

    def get_help_text(self) -> str:
        return "不要和登录名、姓名、邮箱相像。"


class Length(stock.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短，至少 {self.min_length} 个字符"

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 个字符。"


class Common(stock.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "这个密码很多人在用，一猜就中，换一个"

    def get_help_text(self) -> str:
        return "不要用很多人在用的密码。"


class Numeric(stock.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "密码不能只有数字，加上字母或其他字符"

    def get_help_text(self) -> str:
        return "不要只有数字。"
