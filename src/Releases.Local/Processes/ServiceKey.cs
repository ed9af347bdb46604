namespace Releases.Local;

/// <summary>Identifies a service of an app.</summary>
internal readonly record struct ServiceKey(AppName App, ServiceName Service);
