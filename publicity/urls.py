from django.urls import path

from publicity import views

urlpatterns = [
    path("publicity/", views.board, name="board"),
    path("publicity/<uuid:pk>/", views.period, name="period"),
    path("publicity/<uuid:pk>/object/", views.object_to, name="object"),
    path("publicity/receipt/", views.receipts_page, name="objection_receipts"),
    path("publicity/receipt/<str:token>/", views.receipt, name="objection_receipt"),
]
