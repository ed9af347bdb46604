namespace Releases.Local;

/// <summary>Which service of which app.</summary>
internal readonly record struct ServiceKey(AppName App, ServiceName Service);
