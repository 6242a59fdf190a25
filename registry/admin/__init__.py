from registry.admin.scoped import ScopedInline, ScopedModelAdmin
from registry.admin.site import Place, RegistryAdminSite

__all__ = ["Place", "RegistryAdminSite", "ScopedInline", "ScopedModelAdmin"]
