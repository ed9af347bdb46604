using System.Globalization;

namespace Releases.Local;

/// <summary>
/// Builds the environment of a process on this machine: its release's environment, its port and address, its data folder, and the addresses
/// of the other services.
/// </summary>
/// <param name="home">The home.</param>
/// <param name="portOf">Returns a service's own port, or null.</param>
internal sealed class ProcessEnvironments(LocalHome home, Func<ServiceKey, int?> portOf)
{
    public IReadOnlyDictionary<string, string> For(ServiceKey service, ServiceSpec spec, int? port)
    {
        var data = Path.Combine(home.Data, service.App.ToString(), service.Service.ToString());
        HomeFolder.CreatePrivate(data);
        var artifact = spec.Content.Artifact;
        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal) { ["CONVOX_DATA"] = data };
        // Otherwise, the tool in a script of the app would take the app's name from the folder, which is named after the service.
        environment.TryAdd("CONVOX_APP", service.App.ToString());
        environment.TryAdd("CONVOX_HOME", home.Folder);
        if (port is { } own) environment["PORT"] = own.ToString(CultureInfo.InvariantCulture);
        ServiceUrls.AddTo(environment, service.App, spec.Others, portOf);
        foreach (var (key, value) in spec.Environment)
            if (key != "CONVOX_DATA")
                environment[key] = DeferredVariables.Resolve(value, name => environment.GetValueOrDefault(name) ?? Own(name));
        // An app host looks for its runtime in fixed places, not where PATH finds dotnet.
        if (artifact is { Frameworks.Count: > 0 } && !environment.ContainsKey("DOTNET_ROOT") && DotnetRoot.Find() is { } root)
            environment["DOTNET_ROOT"] = root;
        if (artifact is { AspNetCore: true })
        {
            ContentRoot.AddTo(environment, home, service);
            DataProtectionKeys.AddTo(environment, data);
        }

        if (port is { } given && artifact is { AspNetCore: true }) environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{given}";
        return environment;

        // A default for all services may refer to the service's own address.
        string? Own(string name) => name == service.Service.UrlVariable && portOf(service) is { } at ? ServiceUrls.Direct(at) : null;
    }
}
